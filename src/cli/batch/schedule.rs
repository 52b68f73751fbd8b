//! Which case is made when, on how many threads, and with how much memory.
//!
//! The largest go first. One that is more than a thread's fair part of all bytes, or needs more memory than a thread's
//! part of it, is made alone on all threads; the others are made beside each other, each on one thread of its own, so that
//! no thread that waits for one case takes up another. What turns out to need more than its part is made once
//! more, alone.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// What a machine has for a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Machine {
    pub(super) threads: usize,
    /// Bytes of text that all cases that are read at one time may hold.
    pub(super) memory: u64,
}

/// How many bytes of memory a byte of a case takes about: its file, its text, and the index.
const TAKEN: u64 = 3;

/// The order of some cases.
#[derive(Debug, PartialEq, Eq)]
struct Order {
    /// By their positions: those that are made one behind the other, on all threads.
    alone: Vec<usize>,
    /// Those that are made beside each other.
    beside: Vec<usize>,
    /// How many at a time.
    workers: usize,
    /// How much memory each of them has.
    share: u64,
}

impl Order {
    /// The order of cases of so many bytes.
    fn of(bytes: &[u64], machine: Machine) -> Self {
        let threads = machine.threads.max(1);
        let all: u128 = bytes.iter().map(|&bytes| u128::from(bytes)).sum();
        let share = machine.memory / threads as u64;
        let is_large = |bytes: u64| {
            threads == 1 || u128::from(bytes) * threads as u128 > all || bytes.saturating_mul(TAKEN) > share
        };
        let mut positions: Vec<usize> = (0..bytes.len()).collect();
        positions.sort_by_key(|&position| (std::cmp::Reverse(bytes[position]), position));
        let (alone, beside): (Vec<usize>, Vec<usize>) =
            positions.into_iter().partition(|&position| is_large(bytes[position]));
        let workers = threads.min(beside.len());
        Order { alone, beside, workers, share }
    }
}

/// Does `work` for each of the cases, which have so many bytes, and gives what came of each, in their order. `work` is told
/// the case and how much memory it has, if it is not alone; `None` of it means that this was too little.
pub(super) fn run<T: Send>(
    bytes: &[u64],
    machine: Machine,
    work: &(dyn Fn(usize, Option<u64>) -> Option<T> + Sync),
) -> Result<Vec<T>, ThreadPoolBuildError> {
    let order = Order::of(bytes, machine);
    let done: Mutex<Vec<Option<T>>> = Mutex::new(bytes.iter().map(|_| None).collect());
    let keep = |position: usize, result: Option<T>| {
        done.lock().unwrap_or_else(PoisonError::into_inner)[position] = result;
    };
    let all = pool(machine.threads)?;
    let alone = |position: usize| keep(position, all.install(|| work(position, None)));
    order.alone.iter().for_each(|&position| alone(position));
    let pools = (0..order.workers).map(|_| pool(1)).collect::<Result<Vec<_>, _>>()?;
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for own in &pools {
            scope.spawn(|| {
                while let Some(&position) = order.beside.get(next.fetch_add(1, Ordering::Relaxed)) {
                    keep(position, own.install(|| work(position, Some(order.share))));
                }
            });
        }
    });
    let is_left = |position: &usize| done.lock().unwrap_or_else(PoisonError::into_inner)[*position].is_none();
    let left: Vec<usize> = order.beside.iter().copied().filter(is_left).collect();
    left.into_iter().for_each(alone);
    Ok(done.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten().collect())
}

fn pool(threads: usize) -> Result<ThreadPool, ThreadPoolBuildError> {
    ThreadPoolBuilder::new().num_threads(threads).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(bytes: &[u64], threads: usize, memory: u64) -> Order {
        Order::of(bytes, Machine { threads, memory })
    }

    #[test]
    fn the_largest_go_first_and_those_beyond_a_fair_part_alone() {
        let small = [10, 30, 20, 30];
        let found = order(&small, 2, u64::MAX);
        assert_eq!((found.alone.as_slice(), found.beside.as_slice()), (&[][..], &[1, 3, 2, 0][..]));
        let found = order(&[10, 300, 20, 30], 2, u64::MAX);
        assert_eq!((found.alone.as_slice(), found.beside.as_slice()), (&[1][..], &[3, 2, 0][..]));
        assert_eq!(order(&[10, 300, 20, 30], 1, u64::MAX).alone, [1, 3, 2, 0]);
        assert_eq!(order(&[], 4, 0).workers, 0);
    }

    #[test]
    fn what_needs_more_than_its_part_of_the_memory_is_made_alone() {
        let found = order(&[100, 100, 10, 10], 2, 400);
        assert_eq!(
            (found.alone.as_slice(), found.beside.as_slice(), found.share),
            (&[0, 1][..], &[2, 3][..], 200)
        );
    }

    #[test]
    fn every_case_is_done_once_and_stands_in_its_place() {
        for threads in [1, 2, 5] {
            let bytes: Vec<u64> = (0..40).map(|number| number * 7 % 11).collect();
            let machine = Machine { threads, memory: u64::MAX };
            let done = run(&bytes, machine, &|position, _| Some(position * 2)).expect("threads");
            assert_eq!(done, (0..40).map(|position| position * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_its_part_was_too_little_for_is_made_once_more() {
        let machine = Machine { threads: 3, memory: 30_000 };
        let work = |position: usize, share: Option<u64>| {
            (position != 2 || share.is_none()).then_some((position, share, rayon::current_num_threads()))
        };
        let done = run(&[5, 5, 5, 5], machine, &work).expect("threads");
        assert_eq!(done[2], (2, None, 3));
        assert_eq!(done[1], (1, Some(10_000), 1));
    }
}
