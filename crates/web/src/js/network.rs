//! What the browser knows about the network.

use gloo::events::EventListener;
use std::rc::Rc;

/// False means: certainly no network. True is a guess; only an answer of the server proves it.
pub fn is_up() -> bool {
    gloo::utils::window().navigator().on_line()
}

/// Calls back at every change until it is dropped.
pub struct Watch {
    _listeners: [EventListener; 2],
}

/// Tells whether the network is up whenever that changes.
pub fn watch(changed: impl Fn(bool) + 'static) -> Watch {
    let changed = Rc::new(changed);
    let listen = |name: &'static str| {
        let changed = Rc::clone(&changed);
        EventListener::new(&gloo::utils::window(), name, move |_| changed(is_up()))
    };
    Watch {
        _listeners: [listen("online"), listen("offline")],
    }
}
