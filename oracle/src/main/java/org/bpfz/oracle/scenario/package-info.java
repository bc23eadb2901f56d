/**
 * Scenarios: small readable files that say which programs are attached, who calls what, and what is expected
 * (docs/SCENARIOS.md).
 */
@NullMarked
package org.bpfz.oracle.scenario;

import org.jspecify.annotations.NullMarked;
