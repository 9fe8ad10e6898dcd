// why: threads and channels
    let (sender, receiver) = std::sync::mpsc::channel();
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let (sender, levels) = (sender.clone(), levels.clone());
            std::thread::spawn(move || sender.send(turns(&levels)).unwrap())
        })
        .collect();
    drop(sender);
    let found: Vec<i32> = receiver.iter().collect();
    workers.into_iter().for_each(|worker| worker.join().unwrap());
    found.iter().sum::<i32>() / 4
}
@turns@
