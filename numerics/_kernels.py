"""Loops for Numba, as plain functions: `_jit` compiles them, tests also run them plain.

They trust their arguments. All arrays are C-contiguous float64. In θ, neuron k owns the
entries k d .. k d + d - 1 (W), m d + k (b) and m d + m + k C .. (A).
"""

import numpy as np
import numpy.typing as npt

__all__ = [
    "fill_hessian",
    "hessian_product",
    "sample_rows",
    "small_hessians",
]

Floats = npt.NDArray[np.float64]


def sample_rows(
    x: Floats,
    A: Floats,
    s0: Floats,
    s1: Floats,
    s2: Floats,
    r: Floats,
    S: Floats,
    scale: float,
    delta: Floats,
    weighted: Floats,
    inputs: Floats,
    hidden: Floats,
    pairs: Floats,
    weights: Floats,
    mixed: Floats,
    slopes: Floats,
    outputs: Floats,
) -> None:
    """Rows over some samples i, whose products with each other are all that H holds.

        delta[(c, k)] = A_ck σ'(z_ik),             slopes[(c, k)] = scale r_ic σ'(z_ik),
        weighted[(c, k)] = scale Σ_e S_ice delta[(e, k)],
        inputs = (x_i, 1),                         hidden = (σ(z_i), 1),
        mixed[(c, k, j)] = weighted[(c, k)] inputs[j],
        outputs[(c, e, k)] = scale S_ice hidden[k],              c <= e,
        pairs[(j, q)] = inputs[j] inputs[q],                     j <= q,
        weights[(k, l)] = Σ_c delta[(c, k)] weighted[(c, l)]
                          + δ_kl scale (r_i·a_k) σ''(z_ik),      k <= l,

    or, if `pairs` has no rows, weights[k] = scale (r_i·a_k) σ''(z_ik).
    """
    n, d = x.shape
    C, m = A.shape
    D = d + 1
    inputs[d] = 1.0
    hidden[m] = 1.0
    for j in range(d):
        for i in range(n):
            inputs[j, i] = x[i, j]
    for k in range(m):
        for i in range(n):
            hidden[k, i] = s0[i, k]
        for c in range(C):
            factor = A[c, k]
            for i in range(n):
                delta[c * m + k, i] = factor * s1[i, k]
                slopes[c * m + k, i] = scale * r[i, c] * s1[i, k]
        for c in range(C):
            own = c * m + k
            for i in range(n):
                weighted[own, i] = scale * S[i, c, 0] * delta[k, i]
            for e in range(1, C):
                for i in range(n):
                    weighted[own, i] += scale * S[i, c, e] * delta[e * m + k, i]
            for j in range(D):
                for i in range(n):
                    mixed[own * D + j, i] = weighted[own, i] * inputs[j, i]
    row = 0
    for c in range(C):
        for e in range(c, C):
            for k in range(m + 1):
                for i in range(n):
                    outputs[row, i] = scale * S[i, c, e] * hidden[k, i]
                row += 1
    twice = len(pairs) > 0
    row = 0
    for j in range(D if twice else 0):
        for q in range(j, D):
            for i in range(n):
                pairs[row, i] = inputs[j, i] * inputs[q, i]
            row += 1
    row = 0
    for k in range(m):
        own = row
        if not twice:
            weights[own] = 0.0
            row += 1
        for l in range(k, m if twice else k):
            for i in range(n):
                weights[row, i] = delta[k, i] * weighted[l, i]
            for c in range(1, C):
                for i in range(n):
                    weights[row, i] += delta[c * m + k, i] * weighted[c * m + l, i]
            row += 1
        for c in range(C):
            factor = A[c, k] * scale
            for i in range(n):
                weights[own, i] += factor * r[i, c] * s2[i, k]


def fill_hessian(
    moments: Floats, mixed: Floats, slopes: Floats, outputs: Floats, H: Floats
) -> None:
    """Write all entries of H (p, p) from the distinct ones.

    The block of (W, b): moments (m (m + 1) / 2, D (D + 1) / 2) hold in row (k, l) and
    column (j, q), for k <= l and j <= q, the entry of ((k, j), (l, q)), which is also
    that of ((k, q), (l, j)); input j = d = D - 1 is the bias. Beside it, mixed
    (m + 1, C, m, D) holds the part of G at (A_cl, (k, j)), c_c standing at l = m, and
    slopes (C, m, D) that of F at (A_ck, (k, j)). The rest: outputs
    (C (C + 1) / 2, m + 1, m + 1) holds the entry of (A_ck, A_el) for c <= e and k <= l.
    """
    C, m, D = slopes.shape
    d = D - 1
    bias = m * d
    output = bias + m
    place = np.empty((D, D), np.uint64)
    pairs = 0
    for j in range(D):
        for q in range(j, D):
            place[j, q] = pairs
            place[q, j] = pairs
            pairs += 1
    # unsigned and flat: half the time would go into asking whether an index counts
    # from the end
    source, target = moments.reshape(-1), H.reshape(-1)
    width, last, first = np.uint64(H.shape[1]), np.uint64(d), np.uint64(bias)
    row = np.uint64(0)
    for k in range(np.uint64(m)):
        for l in range(k, np.uint64(m)):
            for j in range(last):
                upper = (k * last + j) * width + l * last
                lower = (l * last + j) * width + k * last
                for q in range(last):
                    value = source[row + place[j, q]]
                    target[upper + q] = value
                    target[lower + q] = value
            upper, lower = (first + k) * width + l * last, k * last * width + first + l
            other, below = (first + l) * width + k * last, l * last * width + first + k
            for q in range(last):
                value = source[row + place[last, q]]
                target[upper + q] = value
                target[other + q] = value
                target[lower + q * width] = value
                target[below + q * width] = value
            value = source[row + place[last, last]]
            target[(first + k) * width + first + l] = value
            target[(first + l) * width + first + k] = value
            row += np.uint64(pairs)
    pair = 0
    for c in range(C):
        for l in range(m + 1):
            a = output + l * C + c
            for k in range(m):
                for j in range(d):
                    H[a, k * d + j] = mixed[l, c, k, j]
                H[a, bias + k] = mixed[l, c, k, d]
            if l < m:
                for j in range(d):
                    H[a, l * d + j] += slopes[c, l, j]
                H[a, bias + l] += slopes[c, l, d]
        for e in range(c, C):
            for k in range(m + 1):
                for l in range(k, m + 1):
                    value = outputs[pair, k, l]
                    H[output + k * C + c, output + l * C + e] = value
                    H[output + l * C + e, output + k * C + c] = value
                    H[output + k * C + e, output + l * C + c] = value
                    H[output + l * C + c, output + k * C + e] = value
            pair += 1
    for a in range(output):
        for q in range(output, H.shape[1]):
            H[a, q] = H[q, a]


def small_hessians(
    x: Floats,
    A: Floats,
    s0: Floats,
    s1: Floats,
    s2: Floats,
    r: Floats,
    S: Floats,
    gauss_newton: Floats,
    residual: Floats,
) -> None:
    """Add G and F of T small networks to (T, p, p) arrays, by plain loops.

    x (T, n, d), A (T, C, m), s0, s1, s2 (T, n, m), r (T, n, C), S (T, n, C, C); the
    two targets may be one array, which then receives H.
    """
    count, n, d = x.shape
    C, m = A.shape[1], A.shape[2]
    bias = m * d
    output = bias + m
    last = output + m * C
    p = last + C
    J = np.zeros((C, p))
    SJ = np.zeros((C, p))
    for t in range(count):
        G = gauss_newton[t]
        F = residual[t]
        for i in range(n):
            for c in range(C):
                for k in range(m):
                    slope = A[t, c, k] * s1[t, i, k]
                    J[c, bias + k] = slope
                    for j in range(d):
                        J[c, k * d + j] = slope * x[t, i, j]
                    J[c, output + k * C + c] = s0[t, i, k]
                J[c, last + c] = 1.0
            for c in range(C):
                for a in range(p):
                    total = 0.0
                    for e in range(C):
                        total += S[t, i, c, e] * J[e, a]
                    SJ[c, a] = total / n
            for c in range(C):
                for a in range(p):
                    factor = J[c, a]
                    if factor != 0.0:
                        for q in range(a, p):
                            G[a, q] += factor * SJ[c, q]
            for k in range(m):
                bend = 0.0
                for c in range(C):
                    bend += r[t, i, c] * A[t, c, k]
                bend *= s2[t, i, k] / n
                slope = s1[t, i, k] / n
                for j in range(d):
                    value = bend * x[t, i, j]
                    for q in range(j, d):
                        F[k * d + j, k * d + q] += value * x[t, i, q]
                    F[k * d + j, bias + k] += value
                    for c in range(C):
                        F[k * d + j, output + k * C + c] += (
                            slope * x[t, i, j] * r[t, i, c]
                        )
                F[bias + k, bias + k] += bend
                for c in range(C):
                    F[bias + k, output + k * C + c] += slope * r[t, i, c]
        for a in range(p):
            for q in range(a):
                G[a, q] = G[q, a]
                F[a, q] = F[q, a]


def hessian_product(
    x: Floats, xt: Floats, neurons: Floats, samples: Floats, A: Floats, v: Floats
) -> Floats:
    """H v (p,), from a forward pass cut into T parts of s samples.

    x (T, s, d) and xt (T, d, s) hold the inputs both ways round; neurons (T, 3, m, s)
    holds σ(z_ik), σ'(z_ik) and (r_i·a_k) σ''(z_ik) / n; samples (T, C + C², s) holds
    r_i / n and then S_i / n, row by row. The samples that fill the last part up are 0.
    """
    T, s, d = x.shape
    C, m = A.shape
    bias = m * d
    output = bias + m
    last = output + m * C
    dW = v[:bias].reshape(m, d)
    out = np.zeros(last + C)
    out_W = out[:bias].reshape(m, d)
    part_W = np.empty((m, d))
    dz = np.empty((m, s))
    df = np.empty((C, s))
    dr = np.empty((C, s))
    rest = np.empty(s)
    for t in range(T):
        np.dot(dW, xt[t], dz)
        for c in range(C):
            f = df[c]
            for i in range(s):
                f[i] = v[last + c]
        for k in range(m):
            s0 = neurons[t, 0, k]
            s1 = neurons[t, 1, k]
            z = dz[k]
            db = v[bias + k]
            for c in range(C):
                a = A[c, k]
                da = v[output + k * C + c]
                f = df[c]
                for i in range(s):
                    f[i] += a * (s1[i] * (z[i] + db)) + da * s0[i]
        for c in range(C):
            q = dr[c]
            for i in range(s):
                q[i] = 0.0
            for e in range(C):
                S = samples[t, C + c * C + e]
                f = df[e]
                for i in range(s):
                    q[i] += S[i] * f[i]
            total = 0.0
            for i in range(s):
                total += q[i]
            out[last + c] += total
        for k in range(m):
            s0 = neurons[t, 0, k]
            s1 = neurons[t, 1, k]
            bend = neurons[t, 2, k]
            z = dz[k]
            db = v[bias + k]
            if C > 1:
                for i in range(s):
                    rest[i] = 0.0
            for c in range(1, C):
                a = A[c, k]
                da = v[output + k * C + c]
                q = dr[c]
                r = samples[t, c]
                total = 0.0
                for i in range(s):
                    rest[i] += s1[i] * (a * q[i] + da * r[i])
                    total += s0[i] * q[i] + r[i] * (s1[i] * (z[i] + db))
                out[output + k * C + c] += total
            a = A[0, k]
            da = v[output + k * C]
            q = dr[0]
            r = samples[t, 0]
            total = 0.0
            back = 0.0
            for i in range(s):
                moved = z[i] + db
                total += s0[i] * q[i] + r[i] * (s1[i] * moved)
                turned = bend[i] * moved + s1[i] * (a * q[i] + da * r[i])
                back += turned
                z[i] = turned
            if C > 1:
                for i in range(s):
                    back += rest[i]
                    z[i] += rest[i]
            out[output + k * C] += total
            out[bias + k] += back
        np.dot(dz, x[t], part_W)
        for k in range(m):
            for j in range(d):
                out_W[k, j] += part_W[k, j]
    return out
