//! A person's wish to stop, seen by whatever waits.

use leptos::prelude::{GetValue, LocalStorage, SetValue, StoredValue};
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// What a page has under way, and may stop; nothing at first.
#[derive(Clone, Copy)]
pub struct UnderWay(StoredValue<Rc<Stop>, LocalStorage>);

impl UnderWay {
    pub fn new() -> Self {
        UnderWay(StoredValue::new_local(Rc::default()))
    }

    /// Something else is under way now. The page may be gone.
    pub fn set(self, stop: Rc<Stop>) {
        let _ = self.0.try_set_value(stop);
    }

    /// Whether `stop` is of what is under way; what was begun before is of no interest any more.
    pub fn is(self, stop: &Rc<Stop>) -> bool {
        let now = self.0.try_get_value();
        now.is_some_and(|now| Rc::ptr_eq(&now, stop))
    }

    /// Something new is under way, and what was before it stops.
    pub fn begin(self) -> Rc<Stop> {
        self.stop();
        let stop = Rc::<Stop>::default();
        self.set(stop.clone());
        stop
    }

    pub fn stop(self) {
        if let Some(stop) = self.0.try_get_value() {
            stop.now();
        }
    }
}

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
