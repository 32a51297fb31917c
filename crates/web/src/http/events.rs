//! Server-sent events with reconnection.
//!
//! While the browser can, it reconnects by itself and sends `Last-Event-ID`. Where it gave up (the
//! server was gone, or a proxy said no) a new source is opened after a pause; its events begin anew,
//! so whoever listens must know events by their number.

use gloo::timers::callback::Timeout;
use serde::de::DeserializeOwned;
use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventSource, MessageEvent};

const AGAIN_MS: u32 = 3_000;

/// What comes over the line.
pub enum Live<T> {
    /// The line stands.
    Open,
    Event(T),
    /// The line broke; it is being mended.
    Broken,
}

/// An open line; dropping it closes it.
pub struct Events(Rc<Line>);

type Listener = dyn FnMut(Live<String>) -> ControlFlow<()>;

struct Line {
    url: String,
    listener: RefCell<Box<Listener>>,
    source: RefCell<Option<Source>>,
    again: RefCell<Option<Timeout>>,
    over: Cell<bool>,
}

struct Source {
    source: EventSource,
    _open: Closure<dyn FnMut(Event)>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(Event)>,
}

impl Drop for Source {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Opens the events at `path` below `/api/v1`. `listener` hears of each one until it breaks off; a text
/// that is not a `T` is left out.
pub fn events<T: DeserializeOwned + 'static>(
    path: &str,
    mut listener: impl FnMut(Live<T>) -> ControlFlow<()> + 'static,
) -> Events {
    let line = Rc::new(Line {
        url: super::address(path),
        listener: RefCell::new(Box::new(move |live| match live {
            Live::Open => listener(Live::Open),
            Live::Broken => listener(Live::Broken),
            Live::Event(text) => match serde_json::from_str(&text) {
                Ok(event) => listener(Live::Event(event)),
                Err(_) => ControlFlow::Continue(()),
            },
        })),
        source: RefCell::new(None),
        again: RefCell::new(None),
        over: Cell::new(false),
    });
    line.open();
    Events(line)
}

impl Line {
    fn open(self: &Rc<Self>) {
        let Ok(source) = EventSource::new(&self.url) else {
            return;
        };
        let line = Rc::downgrade(self);
        let open = Closure::<dyn FnMut(Event)>::new({
            let line = line.clone();
            move |_| {
                if let Some(line) = line.upgrade() {
                    line.hear(Live::Open);
                }
            }
        });
        let message = Closure::<dyn FnMut(MessageEvent)>::new({
            let line = line.clone();
            move |event: MessageEvent| {
                if let (Some(line), Some(text)) = (line.upgrade(), event.data().as_string()) {
                    line.hear(Live::Event(text));
                }
            }
        });
        let error = Closure::<dyn FnMut(Event)>::new(move |_| {
            if let Some(line) = line.upgrade() {
                line.mend();
            }
        });
        source.set_onopen(Some(open.as_ref().unchecked_ref()));
        source.set_onmessage(Some(message.as_ref().unchecked_ref()));
        source.set_onerror(Some(error.as_ref().unchecked_ref()));
        *self.source.borrow_mut() = Some(Source {
            source,
            _open: open,
            _message: message,
            _error: error,
        });
    }

    fn hear(&self, live: Live<String>) {
        if self.over.get() {
            return;
        }
        let flow = (self.listener.borrow_mut())(live);
        if flow.is_break() {
            self.close();
        }
    }

    fn mend(self: &Rc<Self>) {
        self.hear(Live::Broken);
        let gave_up = self
            .source
            .borrow()
            .as_ref()
            .is_some_and(|source| source.source.ready_state() == EventSource::CLOSED);
        if gave_up && !self.over.get() {
            let line = Rc::downgrade(self);
            *self.again.borrow_mut() = Some(Timeout::new(AGAIN_MS, move || {
                if let Some(line) = line.upgrade().filter(|line| !line.over.get()) {
                    line.open();
                }
            }));
        }
    }

    fn close(&self) {
        self.over.set(true);
        self.source.borrow_mut().take();
        self.again.borrow_mut().take();
    }
}
