use crate::{
    Appearance, Colour, Links, Verbosity,
    formats::tests::{bytes, named},
    sample,
};

const LOOK: Appearance = Appearance {
    width: 80,
    colour: Colour::Plain,
    links: Links::None,
    verbosity: Verbosity::Summary,
};

#[test]
fn a_workbook_s_time_is_the_run_s() {
    let mut sample = sample::mixed();
    let one = bytes(named("xlsx"), &sample, &LOOK);
    sample.header.collected_at = Some("2026-11-24T06:00:01Z".parse().unwrap());
    let other = bytes(named("xlsx"), &sample, &LOOK);
    assert!(one != other);
    sample.header.collected_at = None;
    let undated = bytes(named("xlsx"), &sample, &LOOK);
    assert!(undated == bytes(named("xlsx"), &sample, &LOOK));
}
