//! How much text a run may hold: what the system lets this process have, less what the rest of a run takes.

use std::fs;

/// What a run takes beside the text of its inputs: stacks and the allocator's reserves, of which a limit on the address
/// space counts every byte, and buffers (measured, docs/performance.md).
const BESIDE: u64 = 256 << 20;

/// The least that is reckoned with, however little there is.
const LEAST: u64 = 16 << 20;

/// How many bytes of text a run may hold; `None` where the system does not say what there is.
pub(super) fn limit() -> Option<u64> {
    let read = |path: &str| fs::read_to_string(path).ok();
    let limits = [
        read("/proc/self/limits").and_then(|text| address_space(&text)),
        read("/proc/meminfo").and_then(|text| available(&text)),
        // Of the group of processes that a container is (cgroup version 2, and 1).
        read("/sys/fs/cgroup/memory.max").and_then(|text| text.trim().parse().ok()),
        read("/sys/fs/cgroup/memory/memory.limit_in_bytes").and_then(|text| text.trim().parse().ok()),
    ];
    limits.into_iter().flatten().min().map(of_all)
}

/// The part of `all` that is for text. The index and the outputs being made take up to half as much once more.
fn of_all(all: u64) -> u64 {
    (all.saturating_sub(BESIDE) / 8 * 5).max(LEAST)
}

/// The soft limit on the address space in `/proc/self/limits`, in bytes.
fn address_space(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// What can be had without swapping, by `/proc/meminfo`, in bytes.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_read() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max address space         536870912            unlimited            bytes     \n";
        assert_eq!(address_space(limits), Some(512 << 20));
        assert_eq!(address_space(&limits.replace("536870912", "unlimited")), None);
        assert_eq!(available("MemTotal:  1 kB\nMemAvailable:   2048 kB\n"), Some(2 << 20));
        assert_eq!(of_all(1 << 30), 480 << 20);
        assert_eq!(of_all(0), LEAST);
    }
}
