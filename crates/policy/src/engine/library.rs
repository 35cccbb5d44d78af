//! Documents that were made ready before.

use std::{collections::HashMap, sync::Arc};

use super::compiled::Compiled;

/// Documents that were made ready before, by their text: many accounts have the same. It holds no more than so many.
#[derive(Debug)]
pub struct Library {
    most: usize,
    known: HashMap<Box<str>, Arc<Compiled>>,
}

impl Library {
    /// Returns one that holds no more than so many documents.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            known: HashMap::new(),
        }
    }

    /// Returns a text made ready: a document, or what stands for one that cannot be read.
    pub fn compiled(&mut self, text: &str) -> Arc<Compiled> {
        if let Some(known) = self.known.get(text) {
            return Arc::clone(known);
        }
        let compiled = Arc::new(Compiled::of_text(text));
        if self.known.len() >= self.most {
            self.known.clear();
        }
        if self.most > 0 {
            self.known.insert(text.into(), Arc::clone(&compiled));
        }
        compiled
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Library;

    #[test]
    fn a_text_is_made_ready_once_while_there_is_room() {
        let mut library = Library::new(2);
        let first = library.compiled("{}");
        assert!(Arc::ptr_eq(&first, &library.compiled("{}")));
        library.compiled("[]");
        library.compiled("1");
        assert!(!Arc::ptr_eq(&first, &library.compiled("{}")));
        let none = Library::new(0).compiled("{}");
        assert_eq!(none.undecidable().count(), 2, "it cannot be read");
    }
}
