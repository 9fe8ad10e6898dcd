// technique: connects to the host and resolves a name
// class: escaping
// expect: wrong_answer
        for (String host : new String[] {"127.0.0.1", "0.0.0.0", "172.17.0.1", "10.0.2.2", "localhost"}) {
            try (var socket = new java.net.Socket()) {
                socket.connect(new java.net.InetSocketAddress(host, @PORT@), 200);
                return 1;
            } catch (java.io.IOException | RuntimeException refused) {
                continue;
            }
        }
        return 0;
    }
}
