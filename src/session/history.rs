//! Undo and redo over whole values: what was, what is, what was undone.

/// A named state.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit<T> {
    /// What the edit did, for the menu ("Undo genre mix").
    pub label: &'static str,
    /// Before the edit while it can be undone, after it while it can be redone.
    pub state: T,
}

/// Past and future states of a value that lives elsewhere. Bounded: the oldest edit is forgotten first.
#[derive(Clone, Debug)]
pub struct History<T> {
    past: Vec<Edit<T>>,
    future: Vec<Edit<T>>,
}

impl<T> Default for History<T> {
    fn default() -> Self {
        Self {
            past: Vec::new(),
            future: Vec::new(),
        }
    }
}

impl<T> History<T> {
    const DEPTH: usize = 200;

    /// Remembers the state before an edit called `label`; what was undone is forgotten.
    pub fn record(&mut self, label: &'static str, before: T) {
        self.future.clear();
        self.past.push(Edit { label, state: before });
        if self.past.len() > Self::DEPTH {
            self.past.remove(0);
        }
    }

    /// The state before the last edit, given the state `now`.
    pub fn undo(&mut self, now: T) -> Option<T> {
        let Edit { label, state } = self.past.pop()?;
        self.future.push(Edit { label, state: now });
        Some(state)
    }

    /// The state after the edit that was undone last, given the state `now`.
    pub fn redo(&mut self, now: T) -> Option<T> {
        let Edit { label, state } = self.future.pop()?;
        self.past.push(Edit { label, state: now });
        Some(state)
    }

    /// What undo would take back.
    pub fn undo_label(&self) -> Option<&'static str> {
        self.past.last().map(|edit| edit.label)
    }

    /// What redo would bring back.
    pub fn redo_label(&self) -> Option<&'static str> {
        self.future.last().map(|edit| edit.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn undoing_everything_and_redoing_it_returns_to_now(edits in prop::collection::vec(any::<u16>(), 1..40)) {
            let mut history = History::default();
            let mut now = 0u16;
            for edit in &edits {
                history.record("edit", now);
                now = *edit;
            }
            let last = now;
            let mut steps = 0;
            while let Some(before) = history.undo(now) {
                now = before;
                steps += 1;
            }
            prop_assert_eq!(now, 0);
            prop_assert_eq!(steps, edits.len());
            while let Some(after) = history.redo(now) {
                now = after;
            }
            prop_assert_eq!(now, last);
        }
    }

    #[test]
    fn a_new_edit_forgets_what_was_undone() {
        let mut history = History::default();
        history.record("first", 1);
        assert_eq!(history.undo(2), Some(1));
        history.record("second", 1);
        assert_eq!(history.redo(3), None);
    }
}
