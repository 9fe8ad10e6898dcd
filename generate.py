"""Sample a model: python generate.py run --model M --output FILE; python generate.py --help."""

from humaneval_x.commands.generate import main

if __name__ == "__main__":
    main()
