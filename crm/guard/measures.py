"""The words that betray a measure a stage forbids: data, to be read and lengthened by anybody.

`#` stands for any number. Case, width, kana or katakana, spaces and line breaks make no
difference (wording.py). A phrase belongs here when a kind shop would not write it at that
stage; one that kind shops do write (「お早めにお召し上がりください」) is named more narrowly.
"""

from dataclasses import dataclass

from crm.guard.enums import Measure
from crm.stages.enums import Stage


@dataclass(frozen=True)
class Forbidden:
    """A measure, the stages that forbid it, and what it sounds like in each language."""

    measure: Measure
    stages: frozenset[Stage]
    ja: tuple[str, ...]
    en: tuple[str, ...]


def _at(stage: Stage, measure: Measure, *, ja: str, en: str) -> Forbidden:
    return Forbidden(measure, frozenset({stage}), _phrases(ja), _phrases(en))


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split("/"))


FORBIDDEN: tuple[Forbidden, ...] = (
    # -- 観測: to be felt as safe -----------------------------------------------------
    _at(
        Stage.OBSERVER,
        Measure.SIGNUP_DISCOUNT,
        ja="割引 / 値引 / クーポン / #%オフ / #%引 / #円引 / #円オフ / #割引 / 半額 / セール / 特価"
        " / 送料無料 / ポイント進呈 / ポイントプレゼント / 初回限定 / 期間限定 / 登録特典 / 今だけ"
        " / お得な / お得に / お得です / キャンペーン",
        en="discount / discounts / coupon / voucher / promo code / #% off / on sale / free shipping"
        " / special offer / special deal / limited time / today only / bargain",
    ),
    _at(
        Stage.OBSERVER,
        Measure.SUBSCRIPTION,
        ja="定期便 / 定期購入 / 定期コース / 定期お届け / サブスク / 頒布会 / 毎月お届け",
        en="subscribe / subscription / auto-ship / monthly plan / monthly box",
    ),
    _at(
        Stage.OBSERVER,
        Measure.VIP,
        ja="VIP / 会員ランク / 特別会員 / プレミアム会員 / ゴールド会員 / ランクアップ / 特別優待",
        en="vip / premium member / gold member / exclusive member / members only",
    ),
    _at(
        Stage.OBSERVER,
        Measure.NEWSLETTER,
        ja="メルマガ / メールマガジン / ニュースレター / 最新情報をお届け / 新着情報"
        " / 新商品のご案内 / 今月のおすすめ / おすすめ商品 / 売れ筋",
        en="newsletter / latest news / new arrivals / our picks / best sellers / bestsellers",
    ),
    _at(
        Stage.OBSERVER,
        Measure.FEATURES,
        ja="#つの特徴 / #つの特長 / #つの理由 / #つのメリット / 業界初 / 業界最 / 他社にはない"
        " / 圧倒的 / 最高品質",
        en="# reasons / key features / unlike others / unrivalled / unrivaled / unmatched"
        " / state-of-the-art / best in class",
    ),
    _at(
        Stage.OBSERVER,
        Measure.AUTHORITY,
        ja="受賞 / 金賞 / 売上No.# / 人気No.# / 楽天#位 / ランキング#位 / ランキング第#位 / #冠達成"
        " / 専門家も / 医師も / メディア掲載 / 雑誌で紹介 / テレビで紹介 / 累計# / 満足度#%",
        en="award / awards / award-winning / number one / no. # / as seen on / experts recommend"
        " / doctors recommend / featured in / bestselling / best-selling / trusted by",
    ),
    _at(
        Stage.OBSERVER,
        Measure.COMMENT,
        ja="コメントをお / コメントください / ご感想をお / 感想をお寄せ / ご意見をお / レビューをお"
        " / レビューのご / 口コミをお / クチコミをお / アンケートにご",
        en="leave a review / leave us a review / write a review / please comment / your feedback"
        " / tell us what you think / let us know what you think",
    ),
    _at(
        Stage.OBSERVER,
        Measure.ACTION,
        ja="今すぐ / お急ぎください / お早めにお申 / お早めにご注文 / クリックし / ご登録ください"
        " / ご参加ください / フォローして / フォローをお願い / ご応募 / お申し込みください"
        " / シェアして / シェアをお願い / ご紹介ください / お友達にも",
        en="act now / hurry / click here / sign up / join us / follow us / order now / buy now"
        " / shop now / don't miss / share this / refer a friend / tell your friends",
    ),
    # -- 着地: deepen reassurance, quietly ---------------------------------------------
    _at(
        Stage.LANDING,
        Measure.UPSELL,
        ja="ご一緒にいかが / ご一緒にお買い求め / 合わせ買い / あわせ買い / まとめ買い"
        " / セットでお得 / ワンランク上 / 上位モデル / アップグレード / もう一品"
        " / 次回のご購入 / 次回のご注文 / 次回使える / 定期便 / 定期購入 / 定期コース / クーポン",
        en="upgrade / add to your order / bundle / goes well with / you may also like"
        " / premium version / your next purchase / your next order / subscribe / subscription"
        " / coupon",
    ),
    _at(
        Stage.LANDING,
        Measure.SUCCESS_STORY,
        ja="お客さまの声 / 成功例 / 成功事例 / 体験談 / 愛用者の声 / #人が愛用 / #人に選ばれ"
        " / 選ばれています / リピート率 / 大好評 / ご好評",
        en="success story / success stories / testimonial / testimonials / other customers"
        " / thousands of customers / #% of customers / loved by",
    ),
    # -- 共感: individuality -------------------------------------------------------------
    _at(
        Stage.EMPATHY,
        Measure.TEMPLATE,
        ja="お客さま各位 / ご愛用者各位 / 各位 / 平素は格別 / 平素より格別 / ますますご清栄"
        " / ますますご健勝",
        en="dear customer / valued customer / valued customers / to whom it may concern",
    ),
    _at(
        Stage.EMPATHY,
        Measure.AUTOMATIC,
        ja="自動送信 / 自動配信 / 自動返信 / 送信専用 / ご返信いただけません / 返信はできません",
        en="do not reply / automatically generated / automated message / automatic reply"
        " / no-reply",
    ),
    _at(
        Stage.EMPATHY,
        Measure.EVERYONE,
        ja="会員の皆 / お客さまの皆 / すべてのお客さま / 全てのお客さま / 一斉に / 皆さまに一律",
        en="dear all / dear members / all our customers / all members / everyone on our list",
    ),
    # -- 関与: trust, and leave it to them -------------------------------------------------
    _at(
        Stage.ENGAGEMENT,
        Measure.CONTROL,
        ja="管理させて / 管理いたします / ルールに従 / 規約に従 / 事前に承認 / 事前にご承認"
        " / 許可を得て / ご報告ください / 進捗",
        en="guidelines / must be approved / our approval / report to us / progress report"
        " / terms of participation",
    ),
    _at(
        Stage.ENGAGEMENT,
        Measure.RATING,
        ja="点数 / 採点 / スコア / ランキング / 順位 / 達成率 / 目標件数 / 目標数 / ポイントが貯ま",
        en="score / ranking / leaderboard / quota / target number / earn points",
    ),
    _at(
        Stage.ENGAGEMENT,
        Measure.COMMAND,
        ja="必ずご参加 / 必ずお読み / 必ずご確認 / 義務 / 至急 / ノルマ / 締め切り厳守 / 指示に従",
        en="you must / you have to / make sure you / mandatory / as soon as possible / deadline",
    ),
    # -- 循環: thanks in words; respect and room -------------------------------------------
    _at(
        Stage.CIRCULATION,
        Measure.SPECIAL_TREATMENT,
        ja="VIP / 特別会員 / 特別優待 / アンバサダー / 公式サポーター / 紹介特典 / 紹介キャンペーン"
        " / 謝礼 / ギフトカード / 商品券 / クーポン / 割引 / ポイント進呈 / あなただけの特典",
        en="vip / ambassador / referral bonus / reward / rewards / gift card / voucher / coupon"
        " / discount / exclusive offer / special treatment",
    ),
    _at(
        Stage.CIRCULATION,
        Measure.LOAD,
        ja="またご紹介ください / さらにご紹介 / もっとご紹介 / 引き続きご紹介 / もうお一人"
        " / 他の方にも / 拡散 / シェアをお願い / 投稿をお願い / ぜひご紹介 / ご紹介ください",
        en="refer another / another friend / keep sharing / keep spreading / spread the word"
        " / share again / please post / introduce more / tell your friends",
    ),
    _at(
        Stage.CIRCULATION,
        Measure.GRANTED,
        ja="いつものようにお願い / いつも通りお願い / 今回もお願い / 当然 / 期待しています"
        " / 期待しております",
        en="count on you / counting on you / rely on you / we expect you / as you always do",
    ),
)

#: Whoever has not asked for offers is sent none, whatever the stage: the law calls such a
#: mail an advertisement (特定電子メール法 3, 特定商取引法 12-3).
SELLING = frozenset(
    {Measure.SIGNUP_DISCOUNT, Measure.SUBSCRIPTION, Measure.VIP, Measure.UPSELL}
)  # fmt: skip
