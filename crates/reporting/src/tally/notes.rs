//! Notes of records, each text once.

use std::collections::BTreeMap;

use model::Record;

use crate::summary::Note;

/// How many texts are told apart. Notes are made from few templates; this bounds those that name a particular.
const TEXTS: usize = 50;

/// Notes of records, each text once.
#[derive(Debug, Default)]
pub(super) struct NoteTally {
    texts: BTreeMap<String, u64>,
    /// Accounts with a note beyond the texts that are told apart.
    others: u64,
}

impl NoteTally {
    pub(super) fn add(&mut self, record: &Record) {
        let mut beyond = 0;
        for note in &record.notes {
            if let Some(count) = self.texts.get_mut(note) {
                *count += 1;
            } else if self.texts.len() < TEXTS {
                self.texts.insert(note.clone(), 1);
            } else {
                beyond = 1;
            }
        }
        self.others += beyond;
    }

    /// Returns the notes, those of most accounts first.
    pub(super) fn finish(self) -> Vec<Note> {
        let mut notes: Vec<_> = self
            .texts
            .into_iter()
            .map(|(text, accounts)| Note { text, accounts })
            .collect();
        notes.sort_by_key(|it| std::cmp::Reverse(it.accounts));
        if self.others > 0 {
            notes.push(Note {
                text: "further notes are in the snapshot".to_owned(),
                accounts: self.others,
            });
        }
        notes
    }
}
