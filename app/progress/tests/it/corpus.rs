//! Inputs that fuzzing found worth keeping, read again.

use crate::invariants;

fn each(name: &str, mut read: impl FnMut(&[u8])) {
    let folder = format!("{}/fuzz/corpus/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        read(&std::fs::read(entry.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count > 50, "{count} inputs in {folder}");
}

#[test]
fn what_holds_for_any_output_holds_for_the_kept_corpus() {
    each("parser", invariants::parser);
}

#[test]
fn what_holds_for_any_control_line_holds_for_the_kept_corpus() {
    each("control_line", |bytes| {
        if let Ok(text) = std::str::from_utf8(bytes) {
            invariants::control_line(text);
        }
    });
}
