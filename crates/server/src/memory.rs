//! The process's memory.
//!
//! Where the kernel can (Linux's transparent huge pages, prctl(2)), memory comes in pages of 2 MB, each cleared before it is used. A lint
//! of a small file would be over before three are cleared, and a long one is sooner done with them: they are put off until it is known.

#[cfg(target_os = "linux")]
use rustix::thread::{disable_transparent_huge_pages, transparent_huge_pages_are_disabled};
use std::sync::atomic::{AtomicBool, Ordering};

/// Reading SQL makes and drops many small trees: with the system's allocator linting takes a third longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

static IS_PUT_OFF: AtomicBool = AtomicBool::new(false);

/// No huge pages from now on.
pub fn put_off_huge_pages() {
    #[cfg(target_os = "linux")]
    if transparent_huge_pages_are_disabled() == Ok(false)
        && disable_transparent_huge_pages(true).is_ok()
    {
        IS_PUT_OFF.store(true, Ordering::Relaxed);
    }
}

/// Huge pages again, where they were put off; programs that are started from now on have them, too.
pub fn allow_huge_pages() {
    if IS_PUT_OFF.swap(false, Ordering::Relaxed) {
        // Where it cannot be taken back, memory comes in small pages.
        #[cfg(target_os = "linux")]
        let _ = disable_transparent_huge_pages(false);
    }
}
