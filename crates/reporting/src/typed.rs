//! One finding as typed columns, for formats that have types: the columns of CSV, in the same order, and more behind.

use std::{borrow::Cow, collections::BTreeMap};

use rules::{Change, Waiver};

use crate::{
    Row,
    columnar::{Column, Kind, Presence, Value},
    document::COLUMNS,
};

/// How many columns there are.
pub(crate) const WIDTH: usize = COLUMNS.len() + 1;

/// The columns. New ones come last.
pub(crate) const TYPED: [Column; WIDTH] = {
    use Kind::{Day, Flag, Number, SharedText, Text, Time};
    use Presence::{Always, Sometimes};
    const fn column(name: &'static str, kind: Kind, presence: Presence) -> Column {
        Column {
            name,
            kind,
            presence,
        }
    }
    [
        column("status", SharedText, Always),
        column("severity", SharedText, Always),
        column("rule", SharedText, Always),
        column("account_id", SharedText, Always),
        column("account_name", SharedText, Always),
        column("ou_path", SharedText, Always),
        column("principal_arn", Text, Always),
        column("principal_kind", SharedText, Always),
        column("reason", Text, Always),
        column("evidence_source", SharedText, Always),
        column("evidence_time", Time, Sometimes),
        column("evidence_age_seconds", Number, Sometimes),
        column("controls", SharedText, Always),
        column("gap_reason", SharedText, Sometimes),
        column("finding_id", Text, Always),
        column("owner", SharedText, Sometimes),
        column("waiver_owner", SharedText, Sometimes),
        column("waiver_reason", SharedText, Sometimes),
        column("waiver_expires", Day, Sometimes),
        column("waiver_ticket", SharedText, Sometimes),
        column("grace_until", Time, Sometimes),
        column("change", SharedText, Sometimes),
        column("first_seen", Time, Sometimes),
        column("age_days", Number, Sometimes),
        column("password_unused_days", Number, Sometimes),
        column("waived", Flag, Always),
    ]
};

/// The texts of the rules' controls, which are long and the same in every finding of a rule.
#[derive(Debug, Default)]
pub(crate) struct ControlCells(BTreeMap<&'static str, String>);

impl ControlCells {
    /// Returns a row's values, one for each of [`TYPED`].
    pub(crate) fn values<'a>(&'a mut self, row: &Row<'a>) -> [Value<'a>; WIDTH] {
        let account = row.account();
        let sources = row.evidence_sources().collect::<Vec<_>>().join(";");
        let waiver = row.waiver();
        let of_waiver = |text: fn(&Waiver) -> Option<&str>| {
            Value::text_if(waiver.and_then(|it| text(it.waiver)))
        };
        let controls = self.0.entry(row.rule().id).or_insert_with(|| {
            let texts = row.controls().iter().map(ToString::to_string);
            texts.collect::<Vec<_>>().join("; ")
        });
        [
            Value::text(row.status().name()),
            Value::text(row.rule().severity.name()),
            Value::text(row.rule().id),
            Value::text(account.id.as_str()),
            Value::text(&account.name),
            Value::text(&account.ou_path),
            Value::text(row.principal_arn()),
            Value::text(row.principal_kind().name()),
            Value::text(row.reason()),
            Value::Text(Cow::Owned(sources)),
            row.evidence_time().map_or(Value::Nothing, Value::Time),
            row.evidence_age_seconds()
                .map_or(Value::Nothing, Value::Number),
            Value::text(controls),
            Value::text_if(row.gap().map(|it| it.reason.name())),
            Value::Text(Cow::Owned(row.id().to_string())),
            Value::text_if(row.owner()),
            of_waiver(|it| Some(&it.owner)),
            of_waiver(|it| Some(&it.reason)),
            waiver.map_or(Value::Nothing, |it| Value::Day(it.last_day)),
            of_waiver(|it| it.ticket.as_deref()),
            row.grace_until().map_or(Value::Nothing, Value::Time),
            Value::text_if(row.change().map(Change::name)),
            row.first_seen().map_or(Value::Nothing, Value::Time),
            row.age_days().map_or(Value::Nothing, Value::Number),
            row.password_unused_days()
                .map_or(Value::Nothing, Value::Number),
            Value::Flag(waiver.is_some()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::{ControlCells, TYPED};
    use crate::{
        Row,
        columnar::{Kind, Presence, Value},
        document::COLUMNS,
        sample,
    };

    #[test]
    fn the_columns_are_those_of_csv_and_more_behind() {
        let names: Vec<_> = TYPED.iter().map(|it| it.name).collect();
        assert!(names.starts_with(&COLUMNS));
        assert_eq!(names[COLUMNS.len()..], ["waived"]);
    }

    #[test]
    fn every_value_is_of_its_columns_kind() {
        let mut cells = ControlCells::default();
        for sample in [
            sample::mixed(),
            sample::excused(),
            sample::compared(),
            sample::saved_evidence(),
        ] {
            for (record, findings) in sample.judged() {
                for finding in &findings {
                    let row = Row::new(record, finding, sample.header.collected_at);
                    let row = row.with_waivers(&sample.finding_waivers);
                    for (column, value) in TYPED.iter().zip(cells.values(&row)) {
                        let fits = match value {
                            Value::Nothing => column.presence == Presence::Sometimes,
                            Value::Text(_) => [Kind::Text, Kind::SharedText].contains(&column.kind),
                            Value::Time(_) => column.kind == Kind::Time,
                            Value::Day(_) => column.kind == Kind::Day,
                            Value::Number(_) => column.kind == Kind::Number,
                            Value::Flag(_) => column.kind == Kind::Flag,
                        };
                        assert!(fits, "{}", column.name);
                    }
                }
            }
        }
    }
}
