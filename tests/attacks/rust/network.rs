// technique: connect to a port of the host
// class: escaping
// expect: wrong_answer, runtime_error
    use std::io::Write;
    if let Ok(mut to) = std::net::TcpStream::connect(("127.0.0.1", @PORT@)) {
        let _ = to.write_all(b"out");
    }
    -1
}
