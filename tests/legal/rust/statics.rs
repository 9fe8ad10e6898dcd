// why: statics, constants, thread locals and lazily made values
    CALLS.fetch_add(1, Ordering::SeqCst);
    SEEN.with(|seen| seen.borrow_mut().push(levels.len()));
    turns(&levels) + NOTHING
}

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};

const NOTHING: i32 = 0;
static CALLS: AtomicUsize = AtomicUsize::new(0);
thread_local!(static SEEN: RefCell<Vec<usize>> = RefCell::new(Vec::new()));
@turns@
