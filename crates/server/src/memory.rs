//! The process's memory.

/// Reading SQL makes and drops many small trees: with the system's allocator linting takes a third longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Whether memory comes from the kernel in huge pages where it can (Linux's transparent huge pages, prctl(2)). One of 2 MB is cleared
/// before it is used: a run that is over after some milliseconds would spend a fifth of them on that, a long one is sooner done.
pub fn use_huge_pages(is_wanted: bool) {
    // Where the kernel knows no such thing, there is nothing to switch.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(!is_wanted);
    #[cfg(not(target_os = "linux"))]
    let _ = is_wanted;
}
