//! Every trouble that is known has fixtures, errors as they are printed, that it recognises.

use cofferdam_engine::trouble::{codes, recognise};
use std::path::Path;

#[test]
fn every_trouble_recognises_its_fixtures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data/troubles");
    let mut wrong = Vec::new();
    for code in codes() {
        let text = std::fs::read_to_string(folder.join(format!("{code}.txt")));
        let Ok(text) = text else {
            wrong.push(format!("{code} has no fixture"));
            continue;
        };
        for error in text.split("----\n") {
            let found = recognise(error);
            if found.as_ref().map(|found| found.code) != Some(code) {
                wrong.push(format!("{code}: {error:?} is {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(codes().count() > 24);
}
