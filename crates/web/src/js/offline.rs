//! The service worker: makes the app work without a network, and offers a new version when there is one.

use super::{address, words};
use gloo::events::EventListener;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState,
};

/// What the page should know.
#[derive(Clone)]
pub enum Event {
    /// Everything is kept: from now on the app starts without a network.
    Ready,
    /// A new version waits; nothing changes until [`Update::apply`].
    UpdateReady(Update),
    /// The app needs the network, for this reason.
    Unavailable(String),
}

/// A version of the app that waits for the page's word.
#[derive(Clone)]
pub struct Update(ServiceWorker);

impl Update {
    /// Puts the new version in place and reloads the page. Never in the middle of a run.
    pub fn apply(&self) {
        if let Some(container) = container() {
            EventListener::once(&container, "controllerchange", |_| {
                let _ = gloo::utils::window().location().reload();
            })
            .forget();
        }
        let _ = self.0.post_message(&"skip-waiting".into());
    }
}

/// The name of the build that this page is of; empty where the pages are built for something else than serving.
pub fn build() -> String {
    let meta = gloo::utils::document().query_selector("meta[name='cofferdam-build']");
    let content = meta
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"));
    content.unwrap_or_default()
}

/// Asks now, not only at the next visit, whether there is a new version; [`Event::UpdateReady`] tells of it.
pub async fn look_for_update() {
    let Some(container) = container() else { return };
    let registration: Result<ServiceWorkerRegistration, _> =
        JsFuture::from(container.get_registration())
            .await
            .and_then(JsCast::dyn_into);
    if let Ok(asked) = registration.and_then(|registration| registration.update()) {
        // Without an answer the next visit asks again.
        let _ = JsFuture::from(asked).await;
    }
}

/// Registers the service worker once the page has loaded, and tells what becomes of it.
pub fn register(tell: impl Fn(Event) + 'static) {
    let tell: Tell = Rc::new(tell);
    let Some(container) = container() else {
        return tell(Event::Unavailable(
            "the browser keeps only pages served over HTTPS or from this machine".into(),
        ));
    };
    let start = move || {
        wasm_bindgen_futures::spawn_local(async move {
            let registered =
                JsFuture::from(container.register(&address("service-worker.js"))).await;
            match registered.map(JsCast::dyn_into) {
                Ok(Ok(registration)) => follow(&registration, &tell),
                Ok(Err(_)) => tell(Event::Unavailable(
                    "this browser window blocks service workers".into(),
                )),
                Err(error) => tell(Event::Unavailable(words(&error))),
            }
        });
    };
    if gloo::utils::document().ready_state() == "complete" {
        start();
    } else {
        let start = RefCell::new(Some(start));
        EventListener::once(&gloo::utils::window(), "load", move |_| {
            if let Some(start) = start.take() {
                start();
            }
        })
        .forget();
    }
}

type Tell = Rc<dyn Fn(Event)>;

/// None on pages that came over plain HTTP from another machine.
fn container() -> Option<ServiceWorkerContainer> {
    let navigator = gloo::utils::window().navigator();
    let there = js_sys::Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false);
    there.then(|| navigator.service_worker())
}

fn follow(registration: &ServiceWorkerRegistration, tell: &Tell) {
    if registration.active().is_some() {
        tell(Event::Ready);
    }
    if let Some(waiting) = registration.waiting() {
        tell(Event::UpdateReady(Update(waiting)));
    }
    if let Some(installing) = registration.installing() {
        follow_installing(&installing, registration.active().is_some(), tell);
    }
    let (found, tell) = (registration.clone(), Rc::clone(tell));
    EventListener::new(registration, "updatefound", move |_| {
        if let Some(installing) = found.installing() {
            follow_installing(&installing, found.active().is_some(), &tell);
        }
    })
    .forget();
}

fn follow_installing(worker: &ServiceWorker, replaces: bool, tell: &Tell) {
    let (at, tell) = (worker.clone(), Rc::clone(tell));
    EventListener::new(worker, "statechange", move |_| match at.state() {
        ServiceWorkerState::Installed if replaces => tell(Event::UpdateReady(Update(at.clone()))),
        ServiceWorkerState::Activated if !replaces => tell(Event::Ready),
        ServiceWorkerState::Redundant if !replaces => {
            tell(Event::Unavailable(
                "its files could not all be fetched; it is tried again at the next visit".into(),
            ));
        }
        _ => {}
    })
    .forget();
}
