//! Sets of actions as patterns.

use super::{
    actions::ActionSet,
    reference::{ServiceReference, UNHEARD},
};

/// Up to how many patterns a set is rather told by what it lacks.
const FEW: usize = 12;

pub(super) fn brief(set: &ActionSet, most: usize) -> String {
    let everything = ActionSet::all(set.universe());
    if *set == everything {
        return "every action".to_owned();
    }
    let patterns = patterns(set);
    if patterns.is_empty() {
        return "no action".to_owned();
    }
    if patterns.len() > most {
        let lacking = self::patterns(&everything.without(set));
        if lacking.len() <= FEW.min(most) {
            return format!("every action but {}", lacking.join(", "));
        }
    }
    let shown: Vec<_> = patterns.iter().take(most).map(String::as_str).collect();
    let left = patterns.len() - shown.len();
    if left == 0 {
        shown.join(", ")
    } else {
        format!("{} and {left} more", shown.join(", "))
    }
}

fn patterns(set: &ActionSet) -> Vec<String> {
    let reference = ServiceReference::get();
    let mut patterns = Vec::new();
    for service in reference.services() {
        let places = service.first..service.past;
        let inside = places.clone().filter(|it| set.has(*it)).count();
        if inside == 0 {
            continue;
        }
        if service.prefix == UNHEARD {
            patterns.push("any action of another service".to_owned());
        } else if inside == places.len() {
            patterns.push(format!("{}:*", service.prefix));
        } else {
            of_service(set, service.prefix, places, &mut patterns);
        }
    }
    let besides = set.places().filter(|it| *it >= reference.len());
    patterns.extend(besides.map(|it| set.universe().name(it)));
    patterns
}

/// Writes `iam:Get*` where all that begins so is in the set, and names otherwise.
fn of_service(
    set: &ActionSet,
    prefix: &str,
    places: std::ops::Range<usize>,
    patterns: &mut Vec<String>,
) {
    let reference = ServiceReference::get();
    let name = |place: usize| reference.entry_of(place).map_or("", |it| it.name);
    let mut place = places.start;
    while place < places.end {
        let verb = verb(name(place));
        let mut past = place + 1;
        while past < places.end && self::verb(name(past)) == verb {
            past += 1;
        }
        let inside: Vec<_> = (place..past).filter(|it| set.has(*it)).collect();
        // A verb may begin another one: `Get`, `Getaway`.
        let only = (places.clone())
            .filter(|it| !(place..past).contains(it))
            .all(|it| !name(it).starts_with(verb));
        if inside.len() == past - place && inside.len() > 1 && only {
            patterns.push(format!("{prefix}:{verb}*"));
        } else {
            patterns.extend(inside.into_iter().map(|it| set.universe().name(it)));
        }
        place = past;
    }
}

/// Returns the first word of a name: `Get` of `GetObject`.
fn verb(name: &str) -> &str {
    let later = name.char_indices().skip(1);
    let end = later
        .filter(|(_, it)| !it.is_ascii_lowercase())
        .map(|it| it.0)
        .next();
    name.get(..end.unwrap_or(name.len())).unwrap_or(name)
}
