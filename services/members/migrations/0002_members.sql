-- Members: who they are and how they are recognised.
--
-- Every table but `identifier` begins its key with the member's id: it is what the tables can be spread over several
-- nodes by. `identifier` is looked up without knowing the member, so it is spread by what is looked up.

-- A member's record.
CREATE TABLE member (
  member_id           uuid        PRIMARY KEY,
  name                text        NOT NULL CHECK (char_length(name) <= 100),
  phone               text        CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  card_number         text        CHECK (char_length(card_number) BETWEEN 1 AND 64),
  wechat_openid       text        CHECK (char_length(wechat_openid) BETWEEN 1 AND 128),
  external_ids        jsonb       NOT NULL CHECK (jsonb_typeof(external_ids) = 'object'),  -- {"source": "value"}
  gender              smallint    NOT NULL CHECK (gender BETWEEN 0 AND 3),  -- 0 not said, 1 female, 2 male, 3 other
  birth_year          smallint    CHECK (birth_year BETWEEN 1900 AND 2100),
  birth_month         smallint    CHECK (birth_month BETWEEN 1 AND 12),
  birth_day           smallint    CHECK (birth_day BETWEEN 1 AND 31),
  status              smallint    NOT NULL CHECK (status IN (1, 2)),  -- 1 active, 2 suspended
  registered_store_id text        CHECK (char_length(registered_store_id) BETWEEN 1 AND 64),
  attributes          jsonb       NOT NULL CHECK (jsonb_typeof(attributes) = 'object'),
  registered_at       timestamptz NOT NULL,
  updated_at          timestamptz NOT NULL,
  version             bigint      NOT NULL CHECK (version >= 1),
  CONSTRAINT member_birthday_whole
    CHECK ((birth_month IS NULL) = (birth_day IS NULL) AND (birth_year IS NULL OR birth_month IS NOT NULL)),
  CONSTRAINT member_identifiable CHECK (
    phone IS NOT NULL OR card_number IS NOT NULL OR wechat_openid IS NOT NULL OR external_ids <> '{}'
  )
);

-- Lists go newest registration first, from one key to the next.
CREATE INDEX member_by_registration ON member (registered_at DESC, member_id DESC);
CREATE INDEX member_by_store ON member (registered_store_id, registered_at DESC, member_id DESC)
  WHERE registered_store_id IS NOT NULL;
CREATE INDEX member_suspended ON member (registered_at DESC, member_id DESC) WHERE status = 2;
CREATE INDEX member_by_name ON member (name COLLATE "C");

-- Whom an identifier belongs to: its primary key is why one phone belongs to one member. Written in the transaction
-- that writes the member's record, which repeats the identifiers so that it can be read alone.
CREATE TABLE identifier (
  kind      smallint NOT NULL CHECK (kind BETWEEN 1 AND 4),  -- 1 phone, 2 card number, 3 WeChat openid, 4 external id
  source    text     NOT NULL CHECK ((source = '') = (kind <> 4)),  -- the other system, for an external id
  value     text     NOT NULL CHECK (value <> ''),
  member_id uuid     NOT NULL,
  PRIMARY KEY (kind, source, value)
);

-- Identifiers that differ between the two tables. Always empty; the tests look.
CREATE VIEW identifier_mismatch AS
  WITH told AS (
    SELECT 1::smallint AS kind, '' AS source, phone AS value, member_id FROM member WHERE phone IS NOT NULL
    UNION ALL SELECT 2::smallint, '', card_number, member_id FROM member WHERE card_number IS NOT NULL
    UNION ALL SELECT 3::smallint, '', wechat_openid, member_id FROM member WHERE wechat_openid IS NOT NULL
    UNION ALL SELECT 4::smallint, pair.key, pair.value, member_id FROM member, jsonb_each_text(external_ids) AS pair
  )
  SELECT kind, source, value, told.member_id AS told, identifier.member_id AS claimed
  FROM told FULL JOIN identifier USING (kind, source, value)
  WHERE told.member_id IS DISTINCT FROM identifier.member_id;
