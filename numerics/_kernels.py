"""Loops for Numba, as plain functions: `_jit` compiles them, tests also run them plain.

They trust their arguments. All arrays are C-contiguous float64. `xt` is x with a column
of ones, D = d + 1; neuron k owns the rows k d .. k d + d - 1 of W, row m d + k of b and
rows m d + m + k C .. of A in θ.
"""

import numpy as np
import numpy.typing as npt

__all__ = ["dense_hessian", "hvp_between_products", "small_hessians"]

Floats = npt.NDArray[np.float64]


def dense_hessian(
    xt: Floats,
    U: Floats,
    V: Floats,
    curvature: Floats,
    s0: Floats,
    s1: Floats,
    r: Floats,
    S: Floats,
    chunk: int,
    H: Floats,
) -> None:
    """Fill H (p, p), zeros on entry, for one network.

    U (C, n, m) holds A_ck σ'(z_ik); V = S U / n; curvature (n, m) holds
    (r_i·a_k) σ''(z_ik) / n; s1, r and S come divided by n; r is (C, n), S (C, C, n).

    The entry of ((k, j), (l, q)) in the block of (W, b) is

        Σ_i g_ikl x̃_ij x̃_iq,   g_ikl = Σ_c U_cik V_cil + δ_kl curvature_ik,

    unchanged when j and q are swapped, and when k and l are: one matrix product of the
    m (m + 1) / 2 columns g_kl with the D (D + 1) / 2 columns x̃_j x̃_q gives all of it.
    """
    n, D = xt.shape
    C, _, m = U.shape
    d = D - 1
    pairs = D * (D + 1) // 2
    weights = m * (m + 1) // 2
    moments = np.zeros((weights, pairs))
    rows = min(chunk, n)
    P = np.empty((rows, pairs))
    Q = np.empty((rows, weights))
    for start in range(0, n, rows):
        size = min(rows, n - start)
        for i in range(size):
            place = 0
            for j in range(D):
                factor = xt[start + i, j]
                for q in range(j, D):
                    P[i, place + q - j] = factor * xt[start + i, q]
                place += D - j
            place = 0
            for k in range(m):
                factor = U[0, start + i, k]
                for l in range(k, m):
                    Q[i, place + l - k] = factor * V[0, start + i, l]
                for c in range(1, C):
                    factor = U[c, start + i, k]
                    for l in range(k, m):
                        Q[i, place + l - k] += factor * V[c, start + i, l]
                Q[i, place] += curvature[start + i, k]
                place += m - k
        if start == 0 and size == n:
            moments = np.dot(Q.T, P)
        else:
            moments += np.dot(Q[:size].T, P[:size])
    bias = m * d
    block = np.empty((D, D))
    row = 0
    for k in range(m):
        for l in range(k, m):
            place = 0
            for j in range(D):
                for q in range(j, D):
                    value = moments[row, place]
                    block[j, q] = value
                    block[q, j] = value
                    place += 1
            for j in range(d):
                H[k * d + j, l * d : l * d + d] = block[j, :d]
                H[k * d + j, bias + l] = block[j, d]
                H[bias + l, k * d + j] = block[j, d]
            if l != k:
                for j in range(d):
                    H[l * d + j, k * d : k * d + d] = block[j, :d]
                    H[l * d + j, bias + k] = block[j, d]
                    H[bias + k, l * d + j] = block[j, d]
            H[bias + k, bias + l] = block[d, d]
            H[bias + l, bias + k] = block[d, d]
            row += 1
    output = bias + m
    last = output + m * C
    scaled = np.empty((n, m))
    for e in range(C):
        constant = np.dot(V[e].T, xt)
        slope = np.dot(s1.T, xt * r[e].reshape(n, 1))
        for j in range(D):
            for i in range(n):
                for k in range(m):
                    scaled[i, k] = V[e, i, k] * xt[i, j]
            cross = np.dot(scaled.T, s0)
            for k in range(m):
                own = k * d + j if j < d else bias + k
                for l in range(m):
                    value = cross[k, l]
                    if k == l:
                        value += slope[k, j]
                    H[own, output + l * C + e] = value
                    H[output + l * C + e, own] = value
                H[own, last + e] = constant[k, j]
                H[last + e, own] = constant[k, j]
        for c in range(e, C):
            for i in range(n):
                for k in range(m):
                    scaled[i, k] = S[c, e, i] * s0[i, k]
            hidden = np.dot(scaled.T, s0)
            for k in range(m):
                total = 0.0
                for i in range(n):
                    total += scaled[i, k]
                H[output + k * C + c, last + e] = total
                H[last + e, output + k * C + c] = total
                H[output + k * C + e, last + c] = total
                H[last + c, output + k * C + e] = total
                for l in range(k, m):
                    value = hidden[k, l]
                    H[output + k * C + c, output + l * C + e] = value
                    H[output + l * C + e, output + k * C + c] = value
                    H[output + k * C + e, output + l * C + c] = value
                    H[output + l * C + c, output + k * C + e] = value
            total = 0.0
            for i in range(n):
                total += S[c, e, i]
            H[last + c, last + e] = total
            H[last + e, last + c] = total


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


def hvp_between_products(
    dz: Floats,
    U: Floats,
    s0: Floats,
    s1: Floats,
    bend: Floats,
    r: Floats,
    S: Floats,
    dA: Floats,
    db: Floats,
    dc: Floats,
    back: Floats,
    out_b: Floats,
    out_A: Floats,
    out_c: Floats,
) -> None:
    """Everything of H v but its two matrix products, in one pass over the samples.

    On entry dz (n, m) = x dWᵀ; on return back (n, m) is such that backᵀ x is the part
    of W. U (C, n, m) holds A_ck σ'(z_ik), bend (n, m) holds (r_i·a_k) σ''(z_ik) / n;
    r (n, C) and S (n, C, C) come divided by n; dA and out_A are (m, C).
    """
    n, m = dz.shape
    C = U.shape[0]
    df = np.empty(C)
    dr = np.empty(C)
    out_b[:] = 0.0
    out_A[:] = 0.0
    out_c[:] = 0.0
    for i in range(n):
        for k in range(m):
            dz[i, k] += db[k]
        for c in range(C):
            total = dc[c]
            for k in range(m):
                total += U[c, i, k] * dz[i, k] + dA[k, c] * s0[i, k]
            df[c] = total
        for c in range(C):
            total = 0.0
            for e in range(C):
                total += S[i, c, e] * df[e]
            dr[c] = total
            out_c[c] += total
        for k in range(m):
            value = bend[i, k] * dz[i, k]
            moved = s1[i, k] * dz[i, k]
            turned = 0.0
            for c in range(C):
                value += U[c, i, k] * dr[c]
                turned += dA[k, c] * r[i, c]
                out_A[k, c] += s0[i, k] * dr[c] + moved * r[i, c]
            value += s1[i, k] * turned
            back[i, k] = value
            out_b[k] += value
