//! One database started before it is asked for, so that a first result does not wait for a start.

use crate::js::pglite::{BootError, Pglite};
use leptos::prelude::{ArcRwSignal, Set};
use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// A database that is starting, or has started, with these extensions.
struct Spare {
    extensions: Vec<String>,
    slot: Rc<RefCell<Slot>>,
}

enum Slot {
    Starting(Option<Waker>),
    Started(Result<Pglite, BootError>),
    /// Nobody wants it any more, or somebody has taken it.
    Gone,
}

/// How the spare is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Warmth {
    #[default]
    Cold,
    Starting,
    /// PostgreSQL's version.
    Ready(String),
    Failed(BootError),
}

thread_local! {
    static SPARE: RefCell<Option<Spare>> = const { RefCell::new(None) };
    static WARMTH: ArcRwSignal<Warmth> = ArcRwSignal::default();
}

pub fn warmth() -> ArcRwSignal<Warmth> {
    WARMTH.with(Clone::clone)
}

/// Starts a spare with `extensions`, unless there is one; another one goes.
pub fn start(extensions: &[String]) {
    if SPARE.with_borrow(|spare| {
        spare
            .as_ref()
            .is_some_and(|spare| spare.extensions == extensions)
    }) {
        return;
    }
    drop_spare();
    let slot = Rc::new(RefCell::new(Slot::Starting(None)));
    SPARE.set(Some(Spare {
        extensions: extensions.to_vec(),
        slot: slot.clone(),
    }));
    warmth().set(Warmth::Starting);
    let extensions = extensions.to_vec();
    leptos::task::spawn_local(async move {
        let started = Pglite::boot(&extensions).await;
        let before = slot.replace(Slot::Gone);
        match (before, started) {
            (Slot::Starting(waker), started) => {
                if SPARE.with_borrow(|spare| {
                    spare
                        .as_ref()
                        .is_some_and(|spare| Rc::ptr_eq(&spare.slot, &slot))
                }) {
                    warmth().set(match &started {
                        Ok(database) => Warmth::Ready(database.version().to_owned()),
                        Err(error) => Warmth::Failed(error.clone()),
                    });
                }
                slot.replace(Slot::Started(started));
                if let Some(waker) = waker {
                    waker.wake();
                }
            }
            (_, Ok(unwanted)) => unwanted.terminate(),
            (_, Err(_)) => {}
        }
    });
}

/// Gives up the spare, and its memory.
pub fn drop_spare() {
    warmth().set(Warmth::Cold);
    if let Some(spare) = SPARE.take()
        && let Slot::Started(Ok(database)) = spare.slot.replace(Slot::Gone)
    {
        database.terminate();
    }
}

/// Takes the spare, when it has (or is getting) `extensions`, or starts a database.
pub async fn take(extensions: &[String]) -> Result<Pglite, BootError> {
    start(extensions);
    warmth().set(Warmth::Cold);
    let started = match SPARE.take() {
        Some(spare) => Taking(spare.slot).started().await,
        None => Pglite::boot(extensions).await,
    };
    match started {
        // What failed in the background may do now: the connection may be back.
        Err(BootError::Load(_) | BootError::Start(_)) => Pglite::boot(extensions).await,
        started => started,
    }
}

/// A spare that somebody waits for; whoever stops waiting gives it up.
struct Taking(Rc<RefCell<Slot>>);

impl Taking {
    async fn started(&self) -> Result<Pglite, BootError> {
        poll_fn(|context| {
            let mut slot = self.0.borrow_mut();
            match std::mem::replace(&mut *slot, Slot::Gone) {
                Slot::Starting(_) => {
                    *slot = Slot::Starting(Some(context.waker().clone()));
                    Poll::Pending
                }
                Slot::Started(started) => Poll::Ready(started),
                Slot::Gone => Poll::Pending,
            }
        })
        .await
    }
}

impl Drop for Taking {
    fn drop(&mut self) {
        if let Slot::Started(Ok(database)) = self.0.replace(Slot::Gone) {
            database.terminate();
        }
    }
}
