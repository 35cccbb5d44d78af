//! What must hold of the page beside what holds of every format.

use std::collections::BTreeSet;

use super::{FORMAT, SCRIPT, STYLE, policy, text};
use crate::{
    Appearance, Colour, Verbosity,
    formats::tests::{named, written},
    sample::{self, Sample},
};

const LOOK: Appearance = Appearance {
    width: 80,
    colour: Colour::Plain,
    verbosity: Verbosity::Summary,
};

fn page(sample: &Sample) -> String {
    written(&FORMAT, sample, &LOOK)
}

fn data(page: &str) -> serde_json::Value {
    let (_, rest) = page.split_once("id=\"data\">").unwrap();
    let (data, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(data).unwrap()
}
