// technique: speaks to the engine's socket
// class: escaping
// expect: wrong_answer
        for (String path : new String[] {"/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock"}) {
            try (var channel = java.nio.channels.SocketChannel.open(java.net.UnixDomainSocketAddress.of(path))) {
                return 1;
            } catch (java.io.IOException | RuntimeException refused) {
                continue;
            }
        }
        return 0;
    }
}
