//! Faults that hit some requests: as often as their rate says, and the same ones in every run.

use super::{Client, ORGANIZATION};
use crate::world::World;

/// Returns a client of the member whose summary fails sometimes.
fn client(seed: u64, fault: &str) -> Client {
    let text = format!(
        "seed = {seed}\n{ORGANIZATION}\n[[fault]]\naction = \"iam:GetAccountSummary\"\n{fault}\nkind = {{ status = 500 }}"
    );
    let mut client = Client::of(World::from_toml(&text).unwrap());
    client.enter("arn:aws:iam::222222222222:role/audit", "");
    client
}

fn hits(client: &Client) -> Vec<usize> {
    let hit = |_: &usize| client.iam("GetAccountSummary", "").status == 500;
    (0..2000).filter(hit).collect()
}

#[test]
fn a_rate_is_kept_and_a_seed_repeats_it() {
    let first = hits(&client(1, "rate = 0.05"));
    assert!((60..=140).contains(&first.len()), "{}", first.len());
    assert_eq!(first, hits(&client(1, "rate = 0.05")));
    assert_ne!(first, hits(&client(2, "rate = 0.05")));
    assert_eq!(hits(&client(1, "rate = 0.0")).len(), 0);
    assert_eq!(hits(&client(1, "rate = 1.0")).len(), 2000);
}

#[test]
fn what_others_ask_meanwhile_does_not_matter() {
    let alone = hits(&client(1, "rate = 0.05"));
    let mut busy = client(1, "rate = 0.05");
    let member = (busy.access_key.clone(), busy.token.clone());
    let mut seen = Vec::new();
    for place in 0..2000 {
        busy.access_key = crate::authenticate::ACCESS_KEY.into();
        busy.token = None;
        busy.iam("GetAccountSummary", "");
        (busy.access_key, busy.token) = member.clone();
        if busy.iam("GetAccountSummary", "").status == 500 {
            seen.push(place);
        }
    }
    assert_eq!(seen, alone);
}

#[test]
fn times_counts_what_is_served() {
    let all = hits(&client(1, "rate = 0.05"));
    assert_eq!(hits(&client(1, "rate = 0.05\ntimes = 3")), all[..3]);
    let late = hits(&client(1, "rate = 1.0\nafter = 1990"));
    assert_eq!(late.len(), 10);
}
