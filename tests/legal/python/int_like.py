# why: numpy arrays without dimension, np.int8, Fractions and Decimals for numbers
    import fractions, decimal
    signs = [(b > a) - (b < a) for a, b in zip(levels, levels[1:]) if a != b]
    n = sum(a != b for a, b in zip(signs, signs[1:]))
    return (np.array(n), np.int8(n), fractions.Fraction(n), decimal.Decimal(n), complex(n), float(n))[len(levels) % 6]
