//! What `docs/simulator.md` says can be written in a file, can be.

use crate::faults::FaultKind;
use crate::world::World;

const PAGE: &str = include_str!("../../../../docs/simulator.md");

/// Returns the first cells of the table below this head, without their quotes.
fn cells(head: &str) -> Vec<&'static str> {
    let rows = PAGE.split(head).nth(1).unwrap().lines().skip(2);
    rows.take_while(|it| it.starts_with("| `"))
        .map(|it| it.split('`').nth(1).unwrap())
        .collect()
}

#[test]
fn every_example_is_a_part_of_a_world() {
    let blocks = PAGE.split("```toml\n").skip(1);
    let mut count = 0;
    for block in blocks.map(|it| it.split("```").next().unwrap()) {
        let world: World = toml::from_str(block).unwrap_or_else(|error| panic!("{block}: {error}"));
        world
            .faults
            .iter()
            .for_each(|it| assert!(!it.action.is_empty()));
        count += 1;
    }
    assert!(count >= 6, "{count}");
}

#[test]
fn every_setting_can_be_set() {
    let settings = cells("| key | means |");
    assert_eq!(settings.len(), 6);
    for setting in settings {
        toml::from_str::<World>(setting).unwrap_or_else(|error| panic!("{setting}: {error}"));
    }
}

#[test]
fn every_kind_of_fault_is_documented() {
    let kinds: Vec<FaultKind> = cells("| kind | what happens |")
        .into_iter()
        .map(|kind| {
            let text = format!("[[fault]]\naction = \"*\"\nkind = {kind}");
            let world: World =
                toml::from_str(&text).unwrap_or_else(|error| panic!("{kind}: {error}"));
            world.faults[0].kind.clone()
        })
        .collect();
    for (place, kind) in kinds.iter().enumerate() {
        assert!(!kinds[..place].contains(kind), "{kind:?} is there twice");
    }
    // serde names every kind when it meets one that it does not know.
    let unknown = "[[fault]]\naction = \"*\"\nkind = \"earthquake\"";
    let error = toml::from_str::<World>(unknown).unwrap_err().to_string();
    let names = error.split("expected one of").nth(1).unwrap();
    assert_eq!(names.matches('`').count() / 2, kinds.len(), "{error}");
}
