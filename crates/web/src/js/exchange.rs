//! Questions to a worker and its answers, matched by number.

use super::{address, set, words};
use futures_channel::oneshot;
use gloo::events::EventListener;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What pending and later calls get of a worker that was thrown away.
pub const CANCELLED: &str = "cancelled";

/// A module worker that answers `{id, op, …}` with `{id, text}`.
pub struct Exchange {
    state: Rc<State>,
    next: Cell<u32>,
    _listeners: [EventListener; 3],
}

struct State {
    worker: Worker,
    pending: RefCell<HashMap<u32, oneshot::Sender<String>>>,
    /// Why the worker is no more.
    stopped: RefCell<Option<String>>,
}

impl State {
    fn stop(&self, why: &str) {
        self.stopped
            .borrow_mut()
            .get_or_insert_with(|| why.to_owned());
        self.worker.terminate();
        // A dropped sender wakes its caller.
        self.pending.take();
    }

    fn receive(&self, event: &MessageEvent) {
        let field =
            |name: &str| js_sys::Reflect::get(&event.data(), &name.into()).unwrap_or_default();
        let Some(id) = field("id").as_f64() else {
            return;
        };
        let sender = self.pending.borrow_mut().remove(&(id as u32));
        if let (Some(sender), Some(text)) = (sender, field("text").as_string()) {
            // The caller may have stopped waiting.
            let _ = sender.send(text);
        }
    }
}

impl Exchange {
    pub fn start(script: &str) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker =
            Worker::new_with_options(&address(script), &options).map_err(|error| words(&error))?;
        let state = Rc::new(State {
            worker,
            pending: RefCell::default(),
            stopped: RefCell::default(),
        });
        let listen = |name: &'static str, react: fn(&State, &web_sys::Event)| {
            let state = Rc::clone(&state);
            EventListener::new(&Rc::clone(&state).worker, name, move |event| {
                react(&state, event)
            })
        };
        let listeners = [
            listen("message", |state, event| {
                if let Some(event) = event.dyn_ref() {
                    state.receive(event);
                }
            }),
            // No message in it: the script itself could not be fetched.
            listen("error", |state, event| {
                let said = event
                    .dyn_ref::<ErrorEvent>()
                    .map(ErrorEvent::message)
                    .filter(|said| !said.is_empty());
                state.stop(
                    &said.unwrap_or_else(|| "the worker's script could not be loaded".into()),
                );
            }),
            listen("messageerror", |state, _| {
                state.stop("the worker sent what cannot be read")
            }),
        ];
        Ok(Self {
            state,
            next: Cell::new(1),
            _listeners: listeners,
        })
    }

    /// Sends `{…message, id, op}` and waits for the answer's text, or for the reason why there is none.
    pub async fn call(&self, op: &str, message: &js_sys::Object) -> Result<String, String> {
        let id = self.next.replace(self.next.get() + 1);
        set(message, "id", &id.into());
        set(message, "op", &op.into());
        if let Some(why) = self.why_stopped() {
            return Err(why);
        }
        let (sender, receiver) = oneshot::channel();
        self.state.pending.borrow_mut().insert(id, sender);
        self.state
            .worker
            .post_message(message)
            .map_err(|error| words(&error))?;
        receiver
            .await
            .map_err(|_| self.why_stopped().unwrap_or_default())
    }

    /// Ends the worker; the first reason given is the one that every call gets.
    pub fn stop(&self, why: &str) {
        self.state.stop(why);
    }

    fn why_stopped(&self) -> Option<String> {
        self.state.stopped.borrow().clone()
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.state.stop(CANCELLED);
    }
}
