//! Cofferdam's pages.

mod app;
mod dry_run;
mod highlight;
mod http;
mod js;
mod pages;
mod save;
mod shell;
mod state;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
