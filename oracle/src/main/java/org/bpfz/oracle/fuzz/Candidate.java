package org.bpfz.oracle.fuzz;

import org.bpfz.spec.program.ProgramImage;

/**
 * A generated program.
 *
 * @param seed  of the campaign
 * @param index in the campaign; the two say everything
 */
public record Candidate(long seed, long index, Shape shape, ProgramImage image) {
    /** The same with other code. */
    Candidate with(ProgramImage newImage) {
        return new Candidate(seed, index, shape, newImage);
    }
}
