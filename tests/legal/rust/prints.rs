// why: prints to both outputs, without a line's end
    print!("{:?}", levels);
    eprint!("turns");
    turns(&levels)
}
@turns@
