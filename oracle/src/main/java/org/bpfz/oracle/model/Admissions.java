package org.bpfz.oracle.model;

import java.util.EnumSet;
import java.util.Set;
import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.MalformedInstruction;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Variant;
import org.bpfz.spec.program.ContextReading;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;
import org.jspecify.annotations.Nullable;

/** Asks the verifier about a program under a reading of the open clauses. */
public final class Admissions {
    private Admissions() {
    }

    /** The verifier's verdict with a level-1 log. */
    public static Verdict verdict(ProgramImage image, Reading reading) {
        return Verifier.verify(image, Options.privileged().withLogLevel(1).withReadings(readings(reading)));
    }

    /** What a program is refused with after a verdict; null if it is not. */
    public static @Nullable Errno refusal(Verdict verdict) {
        return verdict instanceof Verdict.Rejected rejected ? rejected.errno() : null;
    }

    /** Whether every slot of the program begins an instruction, without which no engine can hold it. */
    public static boolean isDecodable(ProgramImage image) {
        try {
            return !image.decoded().instructions().isEmpty();
        } catch (MalformedInstruction e) {
            return false;
        }
    }

    /** What the verifier has to know of a reading. */
    private static Set<ContextReading> readings(Reading reading) {
        Set<ContextReading> readings = EnumSet.noneOf(ContextReading.class);
        if (reading.get(Variant.NarrowLoad.class) == Variant.NarrowLoad.NARROW_ACCEPTED) {
            readings.add(ContextReading.NARROW_LOADS);
        }
        if (reading.get(Variant.OtherHooksFields.class) == Variant.OtherHooksFields.OWN_FIELDS_ONLY) {
            readings.add(ContextReading.OWN_FIELDS);
        }
        if (reading.get(Variant.HelperLicence.class) == Variant.HelperLicence.GPL_ONLY) {
            readings.add(ContextReading.GPL_ONLY_HELPERS);
        }
        if (reading.get(Variant.EmptyCopy.class) == Variant.EmptyCopy.ACCEPTED) {
            readings.add(ContextReading.EMPTY_COPIES);
        }
        return readings;
    }
}
