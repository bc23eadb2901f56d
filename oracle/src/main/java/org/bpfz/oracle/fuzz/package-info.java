/**
 * Campaigns of generated programs: against the verifier of a real kernel, and of the engines against the specification.
 *
 * <p>{@link org.bpfz.oracle.fuzz.ProgramGenerator} makes the program of a seed and an index; {@link org.bpfz.oracle.fuzz.VerdictCampaign}
 * and {@link org.bpfz.oracle.fuzz.EngineCampaign} compare; {@link org.bpfz.oracle.fuzz.Shrinker} makes what differs small.
 */
@NullMarked
package org.bpfz.oracle.fuzz;

import org.jspecify.annotations.NullMarked;
