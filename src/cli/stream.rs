//! Runs batches through all cores and hands the results on in order, in bounded memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, mpsc};
use std::thread;

/// Batches on their way at once, by thread: enough that none waits, few enough that memory stays flat.
const AHEAD: usize = 4;

/// Calls `next` until it gives none, `work` on every batch on any thread, and `take` on every result in the
/// batches' order. The first failure of `next` or `take` ends it.
///
/// Written out rather than taken from rayon, whose parallel iterators read ahead without bound or lose the order.
pub fn in_order<B: Send, R: Send>(
    mut next: impl FnMut() -> anyhow::Result<Option<B>> + Send,
    work: impl Fn(B) -> R + Sync,
    mut take: impl FnMut(R) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    // A batch may start when an earlier one has been taken.
    let (starts, started) = mpsc::sync_channel(threads * AHEAD);
    for _ in 0..threads * AHEAD {
        starts.send(()).expect("the receiver is alive");
    }
    let (batches, waiting) = mpsc::sync_channel(threads * AHEAD);
    let waiting = Mutex::new(waiting);
    let (results, done) = mpsc::sync_channel(threads * AHEAD);
    thread::scope(|scope| {
        let reader = scope.spawn(move || -> anyhow::Result<()> {
            for number in 0usize.. {
                if started.recv().is_err() {
                    break;
                }
                let Some(batch) = next()? else { break };
                if batches.send((number, batch)).is_err() {
                    break;
                }
            }
            Ok(())
        });
        for _ in 0..threads {
            let (results, waiting, work) = (results.clone(), &waiting, &work);
            scope.spawn(move || {
                loop {
                    let batch = waiting.lock().expect("no thread panics with the lock").recv();
                    let Ok((number, batch)) = batch else { break };
                    if results.send((number, work(batch))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(results);
        let mut early = BTreeMap::new();
        let mut due = 0;
        let mut taken = Ok(());
        while let Ok((number, result)) = done.recv() {
            early.insert(number, result);
            while let Some(result) = early.remove(&due) {
                due += 1;
                if taken.is_ok() {
                    taken = take(result);
                }
                if taken.is_ok() {
                    // The reader may have ended: then nobody waits for the start.
                    let _ = starts.send(());
                }
            }
            if taken.is_err() {
                break;
            }
        }
        drop((done, starts));
        let read = reader.join().expect("reading does not panic");
        taken.and(read)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_batches() {
        let mut numbers = 0..500u64;
        let mut taken = Vec::new();
        in_order(
            || Ok(numbers.next()),
            |number| {
                // Uneven work, so that batches overtake each other.
                (0..number % 7 * 1000).fold(number, |sum, _| std::hint::black_box(sum))
            },
            |result| {
                taken.push(result);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(taken, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn failures_end_it() {
        let mut read = 0;
        let failing = in_order(
            || {
                read += 1;
                if read > 3 { anyhow::bail!("the disk failed") } else { Ok(Some(read)) }
            },
            |batch| batch,
            |_| Ok(()),
        );
        assert_eq!(failing.unwrap_err().to_string(), "the disk failed");
        let full = in_order(|| Ok(Some(1)), |batch| batch, |_| anyhow::bail!("the disk is full"));
        assert_eq!(full.unwrap_err().to_string(), "the disk is full");
    }
}
