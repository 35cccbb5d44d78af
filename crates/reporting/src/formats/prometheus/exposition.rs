//! The text exposition format: metrics with their help, labels escaped.

use std::{collections::BTreeMap, fmt::Write};

use crate::escape;

/// Metrics, one after the other.
#[derive(Debug, Default)]
pub(super) struct Exposition(String);

/// The samples of a metric, by their labels: in order, and each once.
#[derive(Debug, Default)]
pub(super) struct Samples(BTreeMap<String, u64>);

impl Samples {
    /// Adds to the sample with these labels.
    pub(super) fn add(&mut self, labels: &[(&str, &str)], value: u64) {
        *self.0.entry(labelled(labels)).or_default() += value;
    }
}

impl Exposition {
    /// Writes a metric, all of whose samples are gauges: the next run may count less. Without samples it is left out.
    pub(super) fn metric(&mut self, name: &str, help: &str, samples: &Samples) {
        if samples.0.is_empty() {
            return;
        }
        self.head(name, help);
        for (labels, value) in &samples.0 {
            // Writing to a string cannot fail.
            let _ = writeln!(self.0, "mfaudit_{name}{labels} {value}");
        }
    }

    /// Writes a metric of one sample; nothing if it has none.
    pub(super) fn single(&mut self, name: &str, help: &str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            self.head(name, help);
            let _ = writeln!(self.0, "mfaudit_{name} {value}");
        }
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }

    fn head(&mut self, name: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP mfaudit_{name} {help}\n# TYPE mfaudit_{name} gauge");
    }
}

fn labelled(labels: &[(&str, &str)]) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let label = |(name, value): &(&str, &str)| format!("{name}=\"{}\"", escaped(value));
    format!("{{{}}}", labels.iter().map(label).collect::<Vec<_>>().join(","))
}

/// A line feed is never left: [`escape::visible`] spells it out.
fn escaped(value: &str) -> String {
    escape::visible(value).replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_label_s_value_ends_where_it_ends() {
        assert_eq!(escaped("a\"b\\c"), r#"a\"b\\c"#);
        assert_eq!(escaped("a\nb"), r"a\\u{a}b");
    }
}
