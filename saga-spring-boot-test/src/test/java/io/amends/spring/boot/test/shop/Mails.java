package io.amends.spring.boot.test.shop;

import org.springframework.stereotype.Component;

@Component
class Mails {

    void thank(String customer) {
        throw new UnsupportedOperationException("No mail is sent to %s in a test.".formatted(customer));
    }
}
