//! Not real-time: lends the one synth to the connection that plays, and gets it back when that one closes. The loan
//! itself is a pointer: reaching through it costs the callback nothing.

use super::AudioError;
use super::synth::Synth;
use crossbeam_channel::{Receiver, Sender, bounded};
use std::ops::{Deref, DerefMut};
use std::time::Duration;

/// Systems that close a device on a thread of their own take a moment to let go of what it played.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where the synth waits while no connection plays it.
pub struct SynthHome {
    home_tx: Sender<Box<Synth>>,
    home_rx: Receiver<Box<Synth>>,
}

impl SynthHome {
    /// The home of `synth`.
    pub fn new(synth: Synth) -> Self {
        let (home_tx, home_rx) = bounded(1);
        let home = Self { home_tx, home_rx };
        // A lane with room for one takes the only one there is.
        let _ = home.home_tx.send(Box::new(synth));
        home
    }

    /// The synth, until the loan is dropped.
    ///
    /// # Errors
    /// A device that was closed still holds it.
    pub fn lend(&self) -> Result<SynthLoan, AudioError> {
        let synth = self.home_rx.recv_timeout(PATIENCE).map_err(|_| AudioError::SynthHeld)?;
        Ok(SynthLoan {
            synth: Some(synth),
            home_tx: self.home_tx.clone(),
        })
    }
}

/// The synth, on loan. Dropping it, with the closed device's callback for instance, sends the synth home.
pub struct SynthLoan {
    /// `None` only while it is being dropped.
    synth: Option<Box<Synth>>,
    home_tx: Sender<Box<Synth>>,
}

impl Deref for SynthLoan {
    type Target = Synth;

    fn deref(&self) -> &Synth {
        self.synth.as_deref().expect("lent until dropped")
    }
}

impl DerefMut for SynthLoan {
    fn deref_mut(&mut self) -> &mut Synth {
        self.synth.as_deref_mut().expect("lent until dropped")
    }
}

impl Drop for SynthLoan {
    fn drop(&mut self) {
        if let Some(synth) = self.synth.take() {
            // Nobody is at home once the engine has ended; then the synth ends here.
            let _ = self.home_tx.try_send(synth);
        }
    }
}
