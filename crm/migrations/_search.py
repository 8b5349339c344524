"""Finding people by any part of their name, its reading or their address, in plain SQL.

Japanese names are short: with two characters typed, trigrams have nothing to look up. So the
index holds every pair of neighbours, hashed together with the shop, so that one shop's people
never make another's search slow; a single character finds what begins with it. What the hashes
find is compared in full before it is given.

Both sides are folded alike: full width and half width, capitals, hiragana and katakana, the
variant kanji of names (髙 for 高), spaces and the dots and strokes between parts of a name.
"""

_KATAKANA = "".join(map(chr, range(0x30A1, 0x30F7))) + "ヽヾ"
_HIRAGANA = "".join(map(chr, range(0x3041, 0x3097))) + "ゝゞ"

# As names are written on one form and typed on another.
_VARIANTS = {
    "高": "髙", "崎": "﨑嵜碕", "浜": "濱濵", "辺": "邊邉", "沢": "澤", "斎": "齋斉齊",
    "島": "嶋嶌", "広": "廣", "渕": "淵", "桜": "櫻", "国": "國", "真": "眞", "竜": "龍",
    "恵": "惠", "蔵": "藏", "瀬": "瀨", "曽": "曾", "万": "萬", "与": "與", "条": "條",
    "豊": "豐", "礼": "禮", "円": "圓", "実": "實", "寿": "壽", "栄": "榮", "黒": "黑",
    "静": "靜", "徳": "德", "吉": "𠮷", "関": "關", "滝": "瀧", "剣": "劍劔", "弥": "彌",
}  # fmt: skip
_DROPPED = " \t\n\r・-‐‑–—゠.,、。'’"
_DROPPED_SQL = _DROPPED.replace("'", "''")
_FROM = _KATAKANA + "".join(_VARIANTS.values()) + _DROPPED_SQL
_TO = _HIRAGANA + "".join(kanji * len(each) for kanji, each in _VARIANTS.items())

# Each part stands behind a line break, which nobody can type into a search.
_NAMES = "E'\\n' || crm_folded(name) || E'\\n' || crm_folded(kana) || E'\\n' || "

# What is indexed ends with the @ of an address: half of all people share what comes after it.
_PAIRS = (
    f"crm_pairs(shop_id, {_NAMES}"
    f"translate(split_part(email_norm, '@', 1), '{_DROPPED_SQL}', '') || '@')"
)

CREATE = f"""
CREATE FUNCTION crm_folded(words text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN translate(lower(normalize(words, NFKC)), '{_FROM}', '{_TO}');

CREATE FUNCTION crm_pairs(shop_id bigint, words text) RETURNS bigint[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    letters text[] := string_to_array(words, NULL);
    pairs bigint[] := '{{}}';
BEGIN
    FOR place IN 1 .. cardinality(letters) - 1 LOOP
        pairs[place] := hashtextextended(letters[place] || letters[place + 1], shop_id);
    END LOOP;
    RETURN pairs;
END $$;

CREATE INDEX customer_search ON crm_customer
    USING gin (({_PAIRS}))
    WHERE merged_into_id IS NULL AND erased_at IS NULL;

-- As the owner of the table, whom row-level security does not bind: for everybody else no
-- operator of this index is leakproof, so that it would not be used. Hence the shop is
-- compared here, and is nobody's to choose but of whoever opened the door (crm.tenancy.door).
CREATE FUNCTION crm_found_customers(words text, most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
    shop bigint := nullif(current_setting('app.shop_id', true), '')::bigint;
    folded text := crm_folded(words);
    needle text := CASE char_length(folded) WHEN 1 THEN E'\\n' || folded ELSE folded END;
    wanted bigint[] := crm_pairs(shop, regexp_replace(needle, '@.*', '@'));
BEGIN
    IF shop IS NULL OR cardinality(wanted) = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT id FROM crm_customer
         WHERE shop_id = shop AND merged_into_id IS NULL AND erased_at IS NULL
           AND {_PAIRS} @> wanted
           AND strpos({_NAMES} translate(email_norm, '{_DROPPED_SQL}', ''), needle) > 0
         LIMIT most;
END $$;

REVOKE EXECUTE ON FUNCTION crm_found_customers(text, integer) FROM PUBLIC;
"""  # noqa: S608  (characters of ours only)

DROP = """
DROP FUNCTION crm_found_customers(text, integer);
DROP INDEX customer_search;
DROP FUNCTION crm_pairs(bigint, text);
DROP FUNCTION crm_folded(text);
"""
