package org.bpfz.oracle.fuzz;

import org.bpfz.spec.program.ProgramImage;

/**
 * A difference that a campaign has found.
 *
 * @param candidate the program as it was generated
 * @param kind      one word: LAX, STRICT, ERRNO, WORK, LOG, GUEST, DEFECT, ENGINE
 * @param text      what differs, in lines
 * @param minimal   the smallest program that still shows it
 */
public record Finding(Candidate candidate, String kind, String text, ProgramImage minimal) {}
