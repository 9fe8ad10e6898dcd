# why: the solution is an object that can be called, and a list
# form: program
class Turns(list):
    def __call__(self, levels):
        turns = trend = 0
        for before, after in zip(levels, levels[1:]):
            if after > before:
                turns += trend < 0
                trend = 1
            elif after < before:
                turns += trend > 0
                trend = -1
        return turns


tide_turns = Turns()
