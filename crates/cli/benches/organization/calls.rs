//! How many calls an audit makes, beside the fewest that can give the same answer.

use std::collections::{BTreeMap, BTreeSet};

use simulator::World;

use crate::{
    Failure, Size,
    fewest::{Way, needs},
    organization::{Organization, Request},
    row::{Row, Unit, quotient},
};

const USERS: usize = 20;
/// The seed that `mfaudit simulate` takes if none is given.
pub(crate) const SEED: u64 = 1;

pub(crate) fn measure(size: Size) -> Result<Vec<Row>, Failure> {
    let accounts = size.of(500, 60);
    let count = accounts.to_string();
    let organization = Organization::serve(&[
        "--accounts",
        &count,
        "--users=20",
        "--latency-ms=20",
        "--report-delay-ms=2000",
    ])?;
    organization.audit()?;
    let requests = organization.stop()?;

    let world = World::generate(accounts, USERS, SEED);
    let entered: Vec<_> = needs(&world)
        .into_iter()
        .filter(|it| it.way != Way::Closed)
        .collect();
    let ids: BTreeSet<_> = entered.iter().map(|it| it.account).collect();
    let made = sum(requests
        .iter()
        .filter(|it| is_about_an_account(it) && ids.contains(it.account.as_str()))
        .map(|it| (it.operation.as_str(), 1)));
    let fewest = sum(entered.iter().flat_map(crate::fewest::Needs::calls));
    let (all_made, all_fewest) = (made.values().sum(), fewest.values().sum());
    let asked = entered.len() as u64;
    let mut details = vec![format!(
        "{:.2} requests in each of {asked} accounts of {USERS} users, and {:.2} at the least",
        quotient(all_made, asked),
        quotient(all_fewest, asked)
    )];
    for operation in made.keys().chain(fewest.keys()).collect::<BTreeSet<_>>() {
        let count = |of: &BTreeMap<&str, u64>| of.get(operation).copied().unwrap_or_default();
        if count(&made) != count(&fewest) {
            details.push(format!(
                "{} {operation} were made, and {} are needed",
                count(&made),
                count(&fewest)
            ));
        }
    }
    Ok(vec![Row {
        name: "calls",
        what: "requests in an account / the fewest that give the same answer".to_owned(),
        measured: quotient(all_made, all_fewest),
        target: Some(1.05),
        unit: Unit::Ratio,
        details,
    }])
}

/// Tells a request about an account from those that discover the accounts.
fn is_about_an_account(request: &Request) -> bool {
    request.service == "iam" || request.operation == "AssumeRole"
}

fn sum<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> BTreeMap<&'a str, u64> {
    let mut sums = BTreeMap::new();
    for (operation, count) in counts {
        *sums.entry(operation).or_default() += count;
    }
    sums
}
