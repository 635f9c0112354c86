// How the chat client looks: every colour and measure is a token of pluis.css, so that one file sets the house style.
(function () {
  'use strict';

  const STYLE = {
    rootHeight: '100%',
    backgroundColor: 'transparent',
    primaryFont: 'inherit',
    fontSizeSmall: '0.875em',
    accent: 'var(--accent)',
    subtle: 'var(--ink-soft)',
    paddingRegular: 12,
    paddingWide: 16,
    transcriptActivityVisualKeyboardIndicatorColor: 'var(--focus)',
    transcriptActivityVisualKeyboardIndicatorWidth: 3,
    transcriptVisualKeyboardIndicatorColor: 'var(--focus)',
    transcriptVisualKeyboardIndicatorWidth: 3,

    botAvatarImage: '/static/pluis.svg',
    botAvatarInitials: '',
    botAvatarBackgroundColor: 'transparent',
    avatarBorderRadius: 0,
    avatarSize: 30,
    bubbleBackground: 'var(--paper)',
    bubbleBorderColor: 'var(--line)',
    bubbleBorderRadius: 16,
    bubbleBorderWidth: 1,
    bubbleTextColor: 'var(--ink)',
    bubbleMaxWidth: 620,
    bubbleMinHeight: 0,
    bubbleFromUserBackground: 'var(--mine)',
    bubbleFromUserBorderColor: 'var(--mine)',
    bubbleFromUserBorderRadius: 16,
    bubbleFromUserBorderWidth: 1,
    bubbleFromUserTextColor: 'var(--mine-ink)',
    messageActivityWordBreak: 'break-word',
    markdownRenderHTML: false,
    timestampColor: 'var(--ink-soft)',
    groupTimestamp: 300000,

    hideUploadButton: true,
    disableFileUpload: true,
    sendBoxBackground: 'var(--paper)',
    sendBoxTextColor: 'var(--ink)',
    sendBoxPlaceholderColor: 'var(--ink-soft)',
    sendBoxBorderTop: 'solid 1px var(--line-strong)',
    sendBoxHeight: 56,
    sendBoxMaxHeight: 220,
    sendBoxTextWrap: true,
    sendBoxButtonColor: 'var(--accent)',
    sendBoxButtonColorOnHover: 'var(--ink)',
    sendBoxButtonColorOnFocus: 'var(--ink)',
    sendBoxButtonColorOnActive: 'var(--ink)',
    sendBoxButtonColorOnDisabled: 'var(--line-strong)',

    autoScrollSnapOnPage: true, // a long advice is read from its beginning
    suggestedActionLayout: 'flow',
    suggestedActionsFlowMaxHeight: undefined,
    suggestedActionHeight: 'auto',
    suggestedActionBorderRadius: 22,
    suggestedActionBorderWidth: 1,
    suggestedActionBackgroundColor: 'var(--paper)',
    suggestedActionBorderColor: 'var(--accent)',
    suggestedActionTextColor: 'var(--accent)',
    suggestedActionBackgroundColorOnHover: 'var(--accent-soft)',
    suggestedActionBackgroundColorOnFocus: 'var(--accent-soft)',
    suggestedActionBackgroundColorOnActive: 'var(--accent-soft)',
    suggestedActionBorderColorOnHover: 'var(--accent)',
    suggestedActionTextColorOnHover: 'var(--ink)',
    suggestedActionTextColorOnFocus: 'var(--ink)',
    suggestedActionKeyboardFocusIndicatorBorderColor: 'var(--focus)',
    suggestedActionKeyboardFocusIndicatorBorderWidth: 3,
    suggestedActionKeyboardFocusIndicatorInset: -4,

    scrollToEndButtonBehavior: 'any', // the buttons are always in sight: what they answer is one step away
    scrollToEndButtonFontSize: '0.9375em',
    transcriptOverlayButtonBackground: 'var(--accent)',
    transcriptOverlayButtonBackgroundOnFocus: 'var(--accent-strong)',
    transcriptOverlayButtonBackgroundOnHover: 'var(--accent-strong)',
    transcriptOverlayButtonColor: 'var(--on-accent)',
    transcriptOverlayButtonColorOnFocus: 'var(--on-accent)',
    transcriptOverlayButtonColorOnHover: 'var(--on-accent)',
    cardEmphasisBackgroundColor: 'var(--ground)',
    cardPushButtonBackgroundColor: 'var(--accent)',
    cardPushButtonTextColor: 'var(--on-accent)',
    notificationText: 'var(--ink)',
    toasterMaxHeight: '40%',
    toastErrorBackgroundColor: 'var(--warn-soft)',
    toastErrorColor: 'var(--ink)',
    toastInfoBackgroundColor: 'var(--accent-soft)',
    toastInfoColor: 'var(--ink)',
    toastWarnBackgroundColor: 'var(--warn-soft)',
    toastWarnColor: 'var(--ink)',
    typingAnimationDuration: 8000,
  };

  if (window.matchMedia('(max-width: 40rem)').matches) STYLE.botAvatarInitials = undefined; // no room for it

  const ink = { default: 'var(--ink)', subtle: 'var(--ink-soft)' };
  const colours = Object.fromEntries(
    ['default', 'dark', 'light', 'accent', 'good', 'warning', 'attention'].map((name) => [name, ink])
  );
  const CARDS = {
    supportsInteractivity: true,
    fontFamily: 'inherit',
    fontSizes: { small: 14, default: 16, medium: 17, large: 20, extraLarge: 24 },
    containerStyles: {
      default: { backgroundColor: 'transparent', foregroundColors: colours },
      emphasis: { backgroundColor: 'transparent', foregroundColors: colours },
    },
    inputs: { label: { requiredInputs: { weight: 'Bolder' }, optionalInputs: { weight: 'Bolder' } } },
    actions: {
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
      maxActions: 5,
      buttonSpacing: 8,
      showCard: { actionMode: 'inline', inlineTopMargin: 0 },
    },
  };

  window.Pluis = Object.assign(window.Pluis || {}, { style: STYLE, cards: CARDS });
})();
