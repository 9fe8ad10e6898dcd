# technique: SystemExit without a status
# class: forging
# expect: tampered
    raise SystemExit
