// Reads cases from standard input, and writes those that the simulator decides otherwise, then how many it decided.
import { createInterface } from 'node:readline'
import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate'

const named = (documents) => documents.map((policy, number) => ({ name: `policy ${number}`, policy }))

// Of what is on no resource, the simulator that validates knows that only policies on `*` are about it. The other one takes
// whatever ARN there is.
const decided = async (simulation) => {
  if (simulation.request.resource.resource !== '*') return runUnsafeSimulation(simulation, {})
  const answer = await runSimulation(simulation, {})
  return answer.resultType === 'error' ? `error: ${JSON.stringify(answer.errors)}` : answer.overallResult
}

const counts = { allowed: 0, denied: 0, contradictions: 0 }
let told = {}
for await (const line of createInterface({ input: process.stdin })) {
  const it = JSON.parse(line)
  if (!it.expected) {
    told = it
    continue
  }
  const answer = await decided({
    identityPolicies: named(it.identity),
    permissionBoundaryPolicies: it.boundary ? named([it.boundary]) : undefined,
    serviceControlPolicies: it.over.map((policies, number) => ({
      orgIdentifier: `level ${number}`,
      policies: named(policies)
    })),
    resourceControlPolicies: [],
    request: {
      action: it.action,
      principal: it.principal,
      resource: { resource: it.resource, accountId: '111122223333' },
      contextVariables: it.context
    }
  })
  const expected = it.expected === 'allowed' ? ['Allowed'] : ['ExplicitlyDenied', 'ImplicitlyDenied']
  counts[it.expected] += 1
  if (!expected.includes(answer)) {
    counts.contradictions += 1
    console.log(JSON.stringify({ ...it, answer }))
  }
}
console.log(JSON.stringify({ ...told, ...counts }))
