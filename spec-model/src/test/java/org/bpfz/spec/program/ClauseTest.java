package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bpfz.spec.kernel.Variant;
import org.junit.jupiter.api.Test;

/** The list of clauses against what else speaks of clauses: the readings, the tests, the code. */
class ClauseTest {
    @Test
    void saysSomethingOfEachClause() {
        for (Clause clause : Clause.values()) {
            assertTrue(clause.required() != null || clause.open() != null, clause::id);
            assertEquals(clause.open() == null, clause.questions().isEmpty(), clause::id);
            assertEquals(clause, Clause.of(clause.id()));
        }
    }

    @Test
    void namesEachQuestionOfTheReadingUnderItsClause() {
        for (Clause clause : Clause.values()) {
            Set<String> questions = Arrays.stream(Variant.class.getPermittedSubclasses())
                    .filter(question -> clauseOf(question) == clause).map(Class::getSimpleName)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(questions, new TreeSet<>(clause.questions()), clause::id);
        }
    }

    @Test
    void namesTheCodeThatSaysEachClause() {
        Set<String> classes = ProjectTree.sources("main").stream().map(ClauseTest::className)
                .collect(Collectors.toSet());
        for (Clause clause : Clause.values()) {
            List<String> code = clause.code();
            assertTrue(!code.isEmpty() && classes.containsAll(code), () -> clause.id() + " is said by " + code);
        }
    }

    private static String className(Path file) {
        String path = file.toString().replace('\\', '/');
        return path.substring(path.indexOf("/java/") + "/java/".length(), path.length() - ".java".length()).replace('/',
                '.');
    }

    private static Clause clauseOf(Class<?> question) {
        return ((Variant) question.getEnumConstants()[0]).clause();
    }
}
