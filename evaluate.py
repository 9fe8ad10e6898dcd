"""Judge samples: python evaluate.py run SAMPLES; python evaluate.py --help."""

from humaneval_x.commands.evaluate import main

if __name__ == "__main__":
    main()
