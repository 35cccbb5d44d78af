// What is shown stands in the address behind `#`, so that it can be sent to others.

const KEYS = ['view', 'q', 'status', 'severity', 'rule', 'account', 'ou', 'owner', 'waiver', 'change', 'cause', 'sort', 'in', 'finding'];

/** Returns what the address asks for. */
function readState() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const state = {};
  for (const key of KEYS) if (asked.get(key)) state[key] = asked.get(key);
  return state;
}

/** Returns the address of a state. */
function addressOf(state) {
  const asked = new URLSearchParams();
  for (const key of KEYS) if (state[key]) asked.set(key, state[key]);
  // An address without anything behind `#` would load the page again.
  return `#${asked.toString() || 'view=findings'}`;
}

/** Whether the address names a state, and not a place of the page. */
const hasState = () => location.hash.includes('=');

/** Writes a state into the address; what is typed leaves no trail of steps to go back. */
function writeState(state) {
  const address = addressOf(state);
  if (location.hash !== address) history.replaceState(null, '', address);
}
