//! A person's wish to stop, seen by whatever waits.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Poll, Waker};

/// Set once; every wait through [`Stop::unless`] ends at once.
#[derive(Debug, Default)]
pub struct Stop {
    wanted: Cell<bool>,
    waiting: RefCell<Option<Waker>>,
}

/// The wait ended because somebody asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

impl Stop {
    pub fn now(&self) {
        self.wanted.set(true);
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
    }

    /// Waits for `future`, but no longer than until somebody asks to stop.
    pub async fn unless<F: Future>(&self, future: F) -> Result<F::Output, Stopped> {
        let mut future = pin!(future);
        poll_fn(|context| {
            if self.wanted.get() {
                return Poll::Ready(Err(Stopped));
            }
            match future.as_mut().poll(context) {
                Poll::Ready(output) => Poll::Ready(Ok(output)),
                Poll::Pending => {
                    self.waiting.replace(Some(context.waker().clone()));
                    Poll::Pending
                }
            }
        })
        .await
    }
}
