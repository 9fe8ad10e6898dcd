// technique: prints without end, to both outputs
// class: exhausting
// expect: output_exceeded
  for (;;) {
    console.log('flood'.repeat(1000));
    console.error('flood'.repeat(1000));
  }
}
