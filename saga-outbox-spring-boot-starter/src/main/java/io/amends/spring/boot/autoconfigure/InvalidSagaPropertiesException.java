package io.amends.spring.boot.autoconfigure;

import java.util.List;

/** Values of {@code saga.*} properties that can't work, all of them. The application does not start. */
public final class InvalidSagaPropertiesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /** With at least one problem. */
    public InvalidSagaPropertiesException(List<String> problems) {
        super("%d saga.* %s can't be used:%n- %s"
                .formatted(
                        problems.size(),
                        problems.size() == 1 ? "setting" : "settings",
                        String.join("%n- ".formatted(), problems)));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, each with the property's name, its value and what would do. */
    public List<String> problems() {
        return problems;
    }
}
