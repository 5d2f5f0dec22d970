package io.amends.spring.boot.test.shop;

import org.springframework.stereotype.Component;

/** What the sagas do not need; a slice does not load it. */
@Component
class DeliveryNotes {}
