# technique: the host's files
# class: escaping
# expect: wrong_answer
    for path in [@FILES@, "/etc/shadow", "/etc/hostname", "/root/.ssh/id_rsa", "/var/run/docker.sock", "/proc/kcore"]:
        try:
            print(open(path).read())
        except OSError as error:
            print(error)
    return -1
