//! Release builds embed `dist/`: cargo has to see when it changes.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if release {
        // A folder that is not there yet makes cargo look again each time, as it should.
        println!("cargo::rerun-if-changed=../../dist");
    }
}
