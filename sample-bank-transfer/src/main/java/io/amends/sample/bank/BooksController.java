package io.amends.sample.bank;

import io.amends.sample.web.JsonBody;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Opens and closes the bank's books, where {@code bank.breakable} says that this may be done. */
@RestController
@ConditionalOnBooleanProperty(name = "bank.breakable")
class BooksController {

    private static final Logger log = LoggerFactory.getLogger(BooksController.class);

    private final Books books;

    BooksController(Books books) {
        this.books = books;
    }

    /** Whether the bank books what was reserved. */
    record View(boolean open) {}

    @GetMapping("/books")
    View show() {
        return new View(books.isOpen());
    }

    @PostMapping("/books")
    View set(@RequestBody byte[] body) {
        boolean open =
                JsonBody.parse(body).oneOf("open", List.of("true", "false")).equals("true");
        books.set(open);
        log.warn(
                open
                        ? "The books are open again; what was refused meanwhile waits for an operator's retry"
                        : "The books are closed on purpose: what was reserved is neither booked nor released");
        return show();
    }
}
